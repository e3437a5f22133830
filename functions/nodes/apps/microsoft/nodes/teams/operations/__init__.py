"""What can be done in Teams, one file each."""
