"""Form page: waits until the visitor has sent another page."""
