"""The authorizer of the WebSocket API: a ticket, good once, says whose connection it is."""
