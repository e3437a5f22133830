"""The HTTP and WebSocket server under MiniStack's ASGI application."""
