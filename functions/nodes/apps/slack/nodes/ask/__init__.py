"""Slack, send and wait: asks in a chat, and goes on with the answer."""
