"""The vault: the only function that decrypts credentials for nodes."""
