"""Errors that several of Microsoft's apps have."""

from stepweave.runtime.errors import NodeError


class OutcomeUnknown(NodeError):
    """Microsoft did not answer to something that must not be done twice, so nobody knows whether it was done."""
