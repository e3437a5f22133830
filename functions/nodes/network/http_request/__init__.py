"""HTTP request: calls any HTTP API, once per item."""
