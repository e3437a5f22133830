"""The credential types of Google."""
