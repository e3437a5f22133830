"""How far a mailbox has been looked through: by UIDVALIDITY and UID, so flags and moves do not make a mail new again.

A server may number all its mails anew (another UIDVALIDITY: a mailbox restored, or moved to another server). Then a
mail is new that came after the last one that was looked at, and is none of the last that were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from stepweave.runtime.mailbox.items import Head

MOST_KNOWN: Final = 1000
"""Mails that are known by more than their numbers, the last ones."""
MOST_TO_DO: Final = 5000
"""Mails that something is yet to be done with; a cursor has 256 KB at most."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox is read.

    Attributes:
        watched: which mailbox.
        validity: its UIDVALIDITY.
        last: the highest UID that was looked at.
        newest: when the newest of them came (ISO 8601, UTC); "" for never.
        known: keys of the last ones (`Head.key`).
        to_do: UIDs of those that started the workflow, and that something is yet to be done with.
        renumbered: the highest UID that is a mail's second number; 0 for none.
        bound: what `newest` was when they were numbered anew.
    """

    watched: str
    validity: int
    last: int = 0
    newest: str = ""
    known: tuple[str, ...] = ()
    to_do: tuple[int, ...] = ()
    renumbered: int = 0
    bound: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Cursor":
        """Read what `to_json` wrote."""
        return cls(
            watched=str(data["watched"]),
            validity=int(data["validity"]),
            last=int(data["last"]),
            newest=str(data.get("newest", "")),
            known=tuple(data.get("known", ())),
            to_do=tuple(data.get("toDo", ())),
            renumbered=int(data.get("renumbered", 0)),
            bound=str(data.get("bound", "")),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data, without what is nothing."""
        data = {
            "newest": self.newest,
            "known": list(self.known),
            "toDo": list(self.to_do),
            "renumbered": self.renumbered,
            "bound": self.bound,
        }
        must = {"watched": self.watched, "validity": self.validity, "last": self.last}
        return must | {name: value for name, value in data.items() if value}

    def numbered_anew(self, validity: int, highest: int) -> "Cursor":
        """Return the cursor for the same mails with other numbers, of which `highest` is the last."""
        return replace(self, validity=validity, last=0, to_do=(), renumbered=highest, bound=self.newest)

    def was_there(self, head: "Head") -> bool:
        """Whether a mail was looked at before all were numbered anew."""
        if head.found.uid > self.renumbered:
            return False
        came = moment(head.found.received)
        return head.key in self.known or bool(came and self.bound and came < self.bound)

    def behind(self, heads: "Sequence[Head]", last: int, to_do: Sequence[int] = ()) -> "Cursor":
        """Return the cursor behind mails that were looked at, and behind the UID `last`."""
        keys = dict.fromkeys((*self.known, *(head.key for head in heads)))
        # A mail may say that it comes from the future.
        newest = min(max((self.newest, *(moment(head.found.received) for head in heads))), moment(datetime.now(UTC)))
        return replace(
            self,
            last=max(self.last, last),
            newest=newest,
            known=tuple(keys)[-MOST_KNOWN:],
            to_do=(*self.to_do, *to_do)[-MOST_TO_DO:],
        )


def moment(received: datetime | None) -> str:
    """Return when a mail came, so that texts compare as moments do; "" where the server does not say."""
    from stepweave.runtime.mailbox.headers import iso

    return iso(received) if received else ""
