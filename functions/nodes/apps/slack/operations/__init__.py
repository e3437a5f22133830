"""What can be done at Slack, one file each."""
