"""Status: hears from EventBridge how Standard executions ended and tells it in the execution's own event order."""
