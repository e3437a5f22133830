"""Keys that nodes encrypt and sign with."""
