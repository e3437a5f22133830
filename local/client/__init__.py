"""A client of a running Stepweave, over its public REST API and WebSocket: for the seed, the main job and the CLI."""
