"""Queues and topics of an account, for the editor to choose from."""

from functions.nodes.apps.aws.queues import queues
from functions.nodes.apps.aws.topics import topics
from stepweave.runtime.asks import Asked
from stepweave.runtime.aws_account import account_of
from stepweave.runtime.options import Options, Wanted


def queues_of(asked: Asked, wanted: Wanted) -> Options:
    """Return the queues of the credential's account."""
    return queues(account_of(asked), wanted)


def topics_of(asked: Asked, wanted: Wanted) -> Options:
    """Return the topics of the credential's account that can call an address."""
    return topics(account_of(asked), wanted)
