"""The credential types of GitHub."""
