"""OAuth2 for credentials: how tokens are got (RFC 6749, RFC 7636), kept, and when they are renewed."""
