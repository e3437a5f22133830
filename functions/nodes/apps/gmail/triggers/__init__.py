"""What happens at Gmail that starts workflows, one folder each."""
