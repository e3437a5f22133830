"""What can be done at Google Docs, one file each."""
