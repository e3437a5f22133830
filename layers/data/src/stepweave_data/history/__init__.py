"""The history of executions: recording events in order, reading them back, and telling who watches."""
