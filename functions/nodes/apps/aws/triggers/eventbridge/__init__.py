"""EventBridge: each event that a rule sends to a queue starts the workflow."""
