"""Storage: files that the workspace keeps under paths."""
