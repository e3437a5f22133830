"""Which things of a list are new: what polling triggers share. Nothing is asked, and nothing is kept, here.

A trigger that polls is given its cursor, asks its provider for a list, and answers with what is new in it and with
the cursor for the next time. The platform keeps the cursor, and moves it on only when what was new has been taken care
of (contracts.md, "Triggers that poll").

The cursor has a digest of each thing that was there: so each is new once, whatever the list's order, also when it is
changed, or is gone for a while. It is bounded: a list has at most `MOST_LISTED` things, and of those that are in it no
more the `MOST_KEPT` that were there last are remembered.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime.asks import Asked
from stepweave.runtime.http_errors import ResponseTooLarge
from stepweave.runtime.parameters import invalid
from stepweave.spec.fields import NodeParams
from stepweave.spec.triggers import MOST_KEPT, MOST_LISTED

P = TypeVar("P", bound=NodeParams)

_DIGEST_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class Poll:
    """What a trigger is asked.

    Attributes:
        cursor: as the answer before gave it; None where there is none.
        first: it is asked when the workflow is published: what is there already is not new.
        limit: how many things the answer may have.
    """

    cursor: Mapping[str, Any] | None
    first: bool
    limit: int

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Poll":
        """Read what the platform gives (`Asked.given`)."""
        cursor = given.get("cursor")
        return cls(cursor if isinstance(cursor, Mapping) else None, bool(given.get("first")), int(given["limit"]))

    @property
    def is_sample(self) -> bool:
        """Whether somebody looks what it is like: the newest things are wanted, and no cursor is kept."""
        return self.cursor is None and not self.first

    def known(self, watched: str) -> Mapping[str, Any] | None:
        """Return the cursor where it is one of this list; another's says nothing of what is new here."""
        return self.cursor if self.cursor is not None and self.cursor.get("watched") == watched else None

    def seen(self, watched: str) -> Callable[[str], bool]:
        """Return what says whether a thing of the list was there already, by its key."""
        digests = frozenset((self.known(watched) or {}).get("seen", ()))
        return lambda key: _digest(key) in digests


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry of a list.

    Attributes:
        key: what it is known by (`key_of`): two entries with one key are one thing.
        json: what the workflow gets.
    """

    key: str
    json: dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What is new, and what is known from now on.

    Attributes:
        things: the new ones, oldest first; at most as many as were asked for.
        more: there are others, which the next poll gives.
    """

    things: tuple[Thing, ...]
    more: bool
    watched: str
    seen: tuple[str, ...]

    def answer(self, **state: Any) -> dict[str, Any]:
        """Return the answer to the platform. `state` is what else the trigger wants to find in its next cursor."""
        cursor = {**state, "watched": self.watched, "seen": list(self.seen)}
        return {"items": [thing.json for thing in self.things], "cursor": cursor, "more": self.more}


def params_of(asked: Asked, model: type[P], names: Collection[str] | None = None) -> P:
    """Return the parameters of a trigger, which hold no expressions. Raises ParameterInvalid.

    Args:
        asked: the ask.
        model: of the parameters.
        names: those that count, by JSON name; all unless given.
    """
    given = {name: value for name, value in asked.params.items() if names is None or name in names}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid(model, error) from None


def only_new(poll: Poll, things: Sequence[Thing], watched: str, *, from_start: bool = False) -> News:
    """Return what is new in a list.

    Args:
        poll: what is asked.
        things: the list, oldest first.
        watched: names the list (`watched_of`): with another the cursor counts no more, and what is there is not new.
        from_start: what is there at first counts as new.

    Raises:
        ResponseTooLarge: the list has more than `MOST_LISTED` things, so that not all of them could be remembered.
    """
    listed: dict[str, Thing] = {}
    for thing in things:
        listed.setdefault(_digest(thing.key), thing)
    if len(listed) > MOST_LISTED:
        raise ResponseTooLarge(
            f"The list has {len(listed)} entries; at most {MOST_LISTED} can be watched.",
            "Ask for less: by the query, or only for what is newer than the last time.",
            details={"entries": len(listed)},
        )
    if poll.is_sample:
        return News(tuple(listed.values())[-poll.limit :], False, watched, tuple(listed))
    cursor = poll.known(watched)
    if cursor is None and not from_start:
        return News((), False, watched, tuple(listed))
    before = tuple(cursor.get("seen", ())) if cursor is not None else ()
    known = frozenset(before)
    new = [digest for digest in listed if digest not in known]
    given = new[: poll.limit]
    left = frozenset(new[poll.limit :])
    gone = [digest for digest in before if digest not in listed]
    seen = (*gone, *(digest for digest in listed if digest not in left))[-MOST_KEPT:]
    return News(tuple(listed[digest] for digest in given), bool(left), watched, seen)


def key_of(value: Any) -> str:
    """Return what a thing is known by, by the value of its id: 7, 7.0 and "7" are one. Empty where that is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"={value}"  # all its digits, also where JavaScript has fewer
    return f"={scalar_text(value)}" if isinstance(value, str | bool | float) else content_key(value)


def content_key(value: Any) -> str:
    """Return what a thing without an id is known by: all of it, whatever the order of its fields."""
    return "#" + json.dumps(value, sort_keys=True, separators=(",", ":"))


def watched_of(*parts: Any) -> str:
    """Return a name of a list, of all that says which it is: URL, query, what its things are known by."""
    return _digest(json.dumps(parts, sort_keys=True))


def in_order(entries: Iterable[Any], *, newest_first: bool) -> list[Any]:
    """Return entries as `only_new` takes them: oldest first."""
    ordered = list(entries)
    return ordered[::-1] if newest_first else ordered


def _digest(text: str) -> str:
    found = hashlib.sha256(mended_text(text).encode()).digest()[:_DIGEST_BYTES]
    return urlsafe_b64encode(found).decode()
