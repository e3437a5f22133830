"""Webhook trigger: an HTTP request starts the workflow."""
