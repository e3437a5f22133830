"""Telegram trigger: starts a workflow with what people write to a bot."""
