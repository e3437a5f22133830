"""What servers say when they refuse or break off, as typed errors."""

from collections.abc import Sequence
from typing import Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.mailbox.errors import MailServerUnavailable

_MOST_WORDS: Final = 2000
_PASSING: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")
"""Codes of refusals that may pass (RFC 5530)."""


def broken(where: str, error: Exception) -> NodeError:
    """Return the error for a connection that cannot be made, or that broke."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else line_of(error.args)
    return MailServerUnavailable(
        f"No connection to the mail server {where}: {reason or type(error).__name__}.",
        "Check host, port and encryption in the credential; a trigger tries again by itself.",
    )


def passes(said: str) -> bool:
    """Whether a refusal may pass."""
    return any(code in said.upper() for code in _PASSING)


def line_of(data: Sequence[Any]) -> str:
    """Return what a server said, on one line, and not without end."""
    texts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in data if one is not None]
    line = " ".join(" ".join(texts).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}…"
