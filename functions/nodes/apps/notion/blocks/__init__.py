"""The content of pages: Markdown to blocks, and back."""
