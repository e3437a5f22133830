"""Stop and error: ends the execution with an error of one's own."""
