"""The credential types of Slack."""
