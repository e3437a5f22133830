"""The sweeper: ends executions whose end nobody reported."""
