"""Redis: keys, hashes, lists, sets, messages."""
