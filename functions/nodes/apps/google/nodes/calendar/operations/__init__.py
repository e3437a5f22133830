"""What can be done at Google Calendar, one file each."""
