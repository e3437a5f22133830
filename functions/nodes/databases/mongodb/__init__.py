"""MongoDB: documents of collections."""
