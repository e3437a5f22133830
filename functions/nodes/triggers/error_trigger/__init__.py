"""Error trigger: an execution of another workflow failed."""
