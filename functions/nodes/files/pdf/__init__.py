"""PDF: merges and splits PDFs, and makes them of HTML or Markdown."""
