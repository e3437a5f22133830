"""What can be done in Outlook, one file each."""
