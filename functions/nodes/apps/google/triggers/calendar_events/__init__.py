"""Google Calendar trigger: an event was made, changed or cancelled, or begins soon."""
