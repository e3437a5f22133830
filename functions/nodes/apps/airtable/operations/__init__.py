"""What can be done at Airtable, one file each."""
