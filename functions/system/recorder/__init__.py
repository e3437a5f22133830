"""The recorder: every event of every execution passes through here, into the history and on to who watches."""
