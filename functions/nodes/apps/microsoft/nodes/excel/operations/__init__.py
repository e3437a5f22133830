"""What can be done in Excel, one file each."""
