"""The credential type of Telegram."""
