"""GitHub trigger: starts a workflow when something happens in a repository."""
