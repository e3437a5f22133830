"""Chat trigger: a visitor writes on a page that the platform shows, and reads the answer there."""
