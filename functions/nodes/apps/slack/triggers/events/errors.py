"""What only the Slack trigger fails with."""

from stepweave.runtime.errors import NodeError


class SigningSecretMissing(NodeError):
    """The credential has no signing secret, so that nobody can tell Slack's calls from others."""
