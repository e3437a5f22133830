"""Lambda: functions that are called."""
