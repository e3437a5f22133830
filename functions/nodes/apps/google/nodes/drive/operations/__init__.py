"""What can be done at Google Drive, one file each."""
