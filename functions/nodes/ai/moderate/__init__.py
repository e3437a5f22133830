"""The moderate node."""
