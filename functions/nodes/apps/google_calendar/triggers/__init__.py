"""What happens at Google Calendar that starts workflows, one folder each."""
