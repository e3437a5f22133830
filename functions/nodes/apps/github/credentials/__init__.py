"""The credential type of GitHub."""
