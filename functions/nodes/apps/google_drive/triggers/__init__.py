"""What happens at Google Drive that starts workflows, one folder each."""
