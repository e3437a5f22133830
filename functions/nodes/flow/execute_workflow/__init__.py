"""Execute workflow: calls another workflow, and waits for its answer or not."""
