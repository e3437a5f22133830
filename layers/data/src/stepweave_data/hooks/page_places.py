"""Where forms and chats lie among webhooks: a method and paths that no webhook has."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Place:
    """Where pages of one kind lie.

    Attributes:
        method: in place of an HTTP method in `webhooks`.
        room: what their addresses begin with.
        before: what their paths begin with; webhooks' paths have no `~`, so that neither is ever taken for the other.
    """

    method: str
    room: str
    before: str

    def of(self, path: str) -> str:
        """Return a page's path as `webhooks` has it."""
        return f"{self.before}{path}"

    def path(self, place: str) -> str:
        """Return the path of a page from what `webhooks` has."""
        return place.removeprefix(self.before)


FORM: Final = Place("FORM", "forms", "~form/")
CHAT: Final = Place("CHAT", "chat", "~chat/")
PLACES: Final = {place.method: place for place in (FORM, CHAT)}
