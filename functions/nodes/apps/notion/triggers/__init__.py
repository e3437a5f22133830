"""What happens at Notion that starts workflows, one folder each."""
