"""N: the same workflows on n8n and on Stepweave, in turns in one run: an optional baseline."""
