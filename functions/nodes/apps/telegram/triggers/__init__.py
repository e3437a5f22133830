"""What happens at Telegram that starts workflows, one folder each."""
