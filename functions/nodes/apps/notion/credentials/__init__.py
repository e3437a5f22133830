"""The credential types of Notion."""
