"""SQS: each message of a queue starts the workflow."""
