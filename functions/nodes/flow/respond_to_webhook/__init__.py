"""Respond to webhook: the answer to the request that started the workflow."""
