"""For what must not be done twice: an answer that did not come is no reason to ask again."""

from collections.abc import Iterator
from contextlib import contextmanager

from functions.nodes.apps.microsoft.errors import OutcomeUnknown
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpServerError, RequestTimeout
from stepweave.runtime.network import ConnectionFailed


@contextmanager
def once(what: str, where: str) -> Iterator[None]:
    """Turn errors that leave open whether something was done into one that is not retried.

    Args:
        what: was asked for: `The message may have been sent`.
        where: to look whether it was done: `Sent Items`.

    Raises:
        OutcomeUnknown: no answer came, or one that says nothing.
    """
    try:
        yield
    except (ConnectionFailed, HttpServerError, RequestTimeout) as error:
        if _nothing_done(error):
            raise
        raise OutcomeUnknown(
            f"{what}: {error.message}",
            f"Look in {where} before you run it again; it is not tried again by itself.",
            details=error.details,
        ) from None


def _nothing_done(error: NodeError) -> bool:
    """Whether no connection came about, or the service took nothing on."""
    if isinstance(error, ConnectionFailed):
        return error.nowhere
    return error.details.get("status") in (409, 423, 503)
