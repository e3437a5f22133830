"""Errors that several of Google's apps have."""

from stepweave.runtime.errors import NodeError


class OutcomeUnknown(NodeError):
    """Google did not answer to something that must not be done twice, so nobody knows whether it was done."""
