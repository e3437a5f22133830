"""EventBridge: events put on a bus."""
