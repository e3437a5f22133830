"""Further nodes of Slack."""
