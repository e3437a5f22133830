"""Outlook: messages, folders, events and contacts."""
