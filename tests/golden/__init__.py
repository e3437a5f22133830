"""Golden cases: workflows with the machines, or the diagnostics, that the compiler makes of them (README.md)."""
