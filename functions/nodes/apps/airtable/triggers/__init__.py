"""What happens at Airtable that starts workflows, one folder each."""
