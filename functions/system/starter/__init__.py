"""The starter: starts executions for schedules, and runs Express ones that nobody waits for."""
