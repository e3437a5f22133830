"""What can be done at GitHub, one file each."""
