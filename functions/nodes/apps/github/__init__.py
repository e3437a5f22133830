"""GitHub: issues, comments and files of repositories."""
