"""Telegram: messages, files, chats and buttons of a bot."""
