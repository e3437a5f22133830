"""Markdown: to HTML, and HTML to Markdown."""
