"""Crypto: hashes, HMAC, encryption, signatures, random values, UUIDs."""
