"""What happens at AWS that starts workflows, one folder each."""
