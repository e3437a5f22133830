"""Further nodes of Telegram."""
