"""What a provider answers, or that it does not. Apart from what asks it, which brings urllib3."""

from dataclasses import dataclass


class NoReply(Exception):
    """A server could not be asked, or did not answer. `str()` says why, without the URL's query."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `content_type` is in lower case and has no parameters."""

    status: int
    body: bytes
    content_type: str = ""
