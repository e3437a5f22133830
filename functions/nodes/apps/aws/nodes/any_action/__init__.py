"""AWS: any action of any service."""
