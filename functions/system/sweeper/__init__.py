"""The sweeper: ends executions whose end nobody reported, and takes triggers away at providers that stayed there."""
