"""Google on loopback: what its discovery documents say of paths, parameters and bodies is checked on every request."""
