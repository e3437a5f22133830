"""Live: the WebSocket API's routes."""
