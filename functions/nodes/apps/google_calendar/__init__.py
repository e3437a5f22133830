"""Google Calendar: events."""
