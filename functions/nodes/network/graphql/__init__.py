"""GraphQL: asks any GraphQL endpoint, once per item, and reads connections page by page."""
