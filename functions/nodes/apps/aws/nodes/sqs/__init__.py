"""SQS: messages of queues."""
