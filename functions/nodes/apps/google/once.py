"""For what must not be done twice: an answer that did not come is no reason to ask again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from functions.nodes.apps.google.errors import OutcomeUnknown
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpServerError, RequestTimeout
from stepweave.runtime.network import ConnectionFailed

_NOT_TAKEN: Final = 503
"""The service took nothing on: Google says to ask again."""


@contextmanager
def once(what: str, where: str) -> Iterator[None]:
    """Turn errors that leave open whether something was done into one that is not retried.

    Args:
        what: was asked for: `The rows may have been appended`.
        where: to look whether it was done: `the sheet`.

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
            f"Look at {where} before you run it again; it is not tried again by itself.",
            details=error.details,
        ) from None


def _nothing_done(error: NodeError) -> bool:
    if isinstance(error, ConnectionFailed):
        return error.nowhere
    return error.details.get("status") == _NOT_TAKEN
