"""Slack: messages, files, channels, people and buttons of a workspace."""
