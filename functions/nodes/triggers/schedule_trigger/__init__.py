"""Schedule trigger: the clock starts the workflow."""
