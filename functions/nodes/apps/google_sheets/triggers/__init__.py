"""What happens at Google Sheets that starts workflows, one folder each."""
