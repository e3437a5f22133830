"""Date & time: dates read, moved, compared, rounded and written."""
