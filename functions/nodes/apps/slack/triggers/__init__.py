"""What happens at Slack that starts workflows, one folder each."""
