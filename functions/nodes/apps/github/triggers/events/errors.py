"""What only the GitHub trigger fails with."""

from stepweave.runtime.errors import NodeError


class RepositoryMissing(NodeError):
    """There is no such repository, or the token may not see it or its webhooks: GitHub does not tell them apart."""
