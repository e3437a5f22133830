"""What happens at Google that starts workflows, one folder each."""
