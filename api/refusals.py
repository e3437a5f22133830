"""What services refuse, as domain errors. They know nothing of HTTP: `api.errors` maps each kind to a status.

Refused(code, detail)     code: one of `api.codes`, with its kind and its meaning
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """Why something is refused; whoever answers the caller decides what that looks like."""

    MALFORMED = "it cannot be read at all"
    UNKNOWN_CALLER = "nobody knows who asks"
    FORBIDDEN = "whoever asks may not do it"
    ABSENT = "it is not there, or another tenant's"
    CONFLICT = "it does not go together with what is there"
    GONE = "it was there once"
    TOO_LARGE = "it is larger than what is taken"
    WRONG_TYPE = "it is of a type that is not taken"
    INVALID = "what was sent is at fault"
    NOT_IN_PLAN = "the plan of the workspace does not have room for it"
    TOO_OFTEN = "it was tried too often"
    UNFORESEEN = "something went wrong on our side"
    REFUSED_BY_AWS = "AWS will not do it"
    UNAVAILABLE = "something that it needs does not answer"


@dataclass(frozen=True)
class Code:
    """A refusal's stable name for programs, and what it means."""

    name: str
    kind: Kind
    meaning: str


class Refused(Exception):
    """A refusal.

    Args:
        code: which.
        detail: what is wrong and what to do, for people.
        errors: `{"field", "message"}` each, where fields are at fault.
        retry_seconds: after which trying again makes sense, where that is known.
        headers: that tell whoever asks of it.
        more: further facts for programs.
    """

    def __init__(
        self,
        code: Code,
        detail: str,
        errors: list[dict[str, str]] | None = None,
        *,
        retry_seconds: int | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retry_seconds = retry_seconds
        self.headers = dict(headers or {})
        self.more = more


def refused_field(code: Code, field: str, message: str) -> Refused:
    """Return the refusal of one field, whose message is the whole reason."""
    return Refused(code, message, [{"field": field, "message": message}])
