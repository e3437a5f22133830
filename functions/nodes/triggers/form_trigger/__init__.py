"""Form trigger: a visitor sends a page that the platform shows."""
