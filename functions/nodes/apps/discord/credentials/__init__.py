"""The credential types of Discord."""
