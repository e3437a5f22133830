"""Notion: pages of databases, their content, and comments."""
