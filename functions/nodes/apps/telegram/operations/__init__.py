"""What can be done with a bot of Telegram, one file each."""
