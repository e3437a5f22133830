"""What can be done at Google Sheets, one file each."""
