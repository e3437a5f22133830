"""What can be done at Discord, one file each."""
