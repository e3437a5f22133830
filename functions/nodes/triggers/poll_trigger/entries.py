"""The list in an answer, and what its entries are known by."""

from collections.abc import Iterable
from typing import Any

from functions.nodes.triggers.poll_trigger.spec import Params
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.polling import Thing, content_key, in_order, key_of, watched_of
from stepweave.spec.fieldpaths import MISSING, PathError, field_at

_MOST_NAMED = 20


class Entries:
    """Reads a list as parameters say."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._id_at = params.id_at if params.known_by == "id" else ""
        query = [(row.name, row.value) for row in params.query]
        self.watched = watched_of(params.url, query, params.list_at, self._id_at)
        """Names the list: with another one the cursor counts no more."""

    def of(self, body: Any, source: object) -> list[Thing]:
        """Return the entries of an answer, oldest first.

        Args:
            body: its JSON.
            source: where it came from, for errors.

        Raises:
            ResponseInvalid: there is no list, or none of its entries has an id.
            ParameterInvalid: a path cannot be read.
        """
        found = in_order(self._list(body, source), newest_first=self._params.order == "newestFirst")
        keys = [self._key(entry) for entry in found]
        if found and not any(keys):
            raise ResponseInvalid(
                f"None of the {len(found)} entries of {source} has the field {self._id_at!r}; {_named(found)}.",
                "Write the path to their id, or tell entries apart by all that is in them.",
                details={"field": "params.idAt"},
            )
        return [
            Thing(key or content_key(entry), entry if isinstance(entry, dict) else {"data": entry})
            for key, entry in zip(keys, found, strict=True)
        ]

    def since(self, entry: dict[str, Any]) -> str | None:
        """Return what the next request sends for an entry; None where that has no such field, or none is wanted."""
        if not (self._params.since_query and self._params.since_at):
            return None
        value = self._at(entry, self._params.since_at, "params.sinceAt")
        return scalar_text(value) if isinstance(value, str | int | float) and value != "" else None

    def _list(self, body: Any, source: object) -> list[Any]:
        path = self._params.list_at.strip()
        found = self._at(body, path, "params.listAt") if path else body
        if found is None:  # how some servers write an empty list
            return []
        if isinstance(found, list):
            return found
        place = f"at {path!r}" if path else "as its answer"
        what = "nothing" if found is MISSING else f"{_called(found)}, not a list,"
        raise ResponseInvalid(
            f"{source} has {what} {place}; {_named([body])}.",
            "Write the path to the list, with dots between its names.",
            details={"field": "params.listAt"},
        )

    def _key(self, entry: Any) -> str:
        if not self._id_at:
            return content_key(entry)
        found = self._at(entry, self._id_at, "params.idAt")
        return "" if found is MISSING else key_of(found)

    @staticmethod
    def _at(data: Any, path: str, place: str) -> Any:
        try:
            return field_at(data, path)
        except PathError as error:
            raise ParameterInvalid(
                f"The path cannot be read: {error}.", "Change the path.", details={"field": place}
            ) from None


def _named(found: Iterable[Any]) -> str:
    """Return which fields there are, to choose from."""
    names = list(dict.fromkeys(name for entry in found if isinstance(entry, dict) for name in entry))
    shown = ", ".join(name[:80] for name in names[:_MOST_NAMED])
    return f"there are {shown}{', …' if len(names) > _MOST_NAMED else ''}" if names else "there are no fields"


def _called(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a text" if isinstance(value, str) else "a number or a boolean"
