"""Switch: sends each item to one of several ports by rules."""
