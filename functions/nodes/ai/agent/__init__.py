"""AI agent: a model that works with tools until it has an answer."""
