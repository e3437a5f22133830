"""The credential types of Microsoft 365."""
