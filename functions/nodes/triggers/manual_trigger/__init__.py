"""Manual trigger: a person starts the workflow."""
