"""What can be done at Notion, one file each."""
