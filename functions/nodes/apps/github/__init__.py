"""GitHub: issues, pull requests, releases and files of repositories."""
