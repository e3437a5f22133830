"""Asks an API that the workspace knows by its OpenAPI document."""
