"""What can be done at Gmail, one file each."""
