"""Slack trigger: starts a workflow with events, buttons and commands of a workspace."""
