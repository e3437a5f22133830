"""Teams: messages in channels and chats, and tasks."""
