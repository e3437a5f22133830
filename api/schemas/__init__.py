"""What goes over the wire, camelCase."""
