"""SNS: each message of a topic starts the workflow."""
