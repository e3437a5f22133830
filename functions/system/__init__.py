"""The platform's own functions, one folder each. They may use the data layer; they never import one another."""
