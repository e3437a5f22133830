"""No operation: passes items on."""
