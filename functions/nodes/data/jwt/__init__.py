"""JWT: signs, verifies and reads JSON Web Tokens."""
