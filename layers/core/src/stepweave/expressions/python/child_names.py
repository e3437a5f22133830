"""The names that people's Python finds: items, other nodes, the workflow; as n8n's Python has them, where it does."""

from collections.abc import Callable, Iterable
from typing import Any


class Record(dict[str, Any]):
    """An object of JSON: a dict whose keys can be read and set as attributes, too (`item.json.name`).

    `sources` are the indexes of the input items that it is or was made of, as far as that can be seen.
    """

    __slots__ = ("sources",)

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        object.__setattr__(self, "sources", frozenset().union(*map(sources_of, values)))

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(
            f"there is no field {name!r} here; there are {', '.join(map(str, list(self)[:20])) or 'none'}"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def __or__(self, other: Any) -> "Record":  # type: ignore[override]  # dict has two
        return merged((self,), (other,))

    def __ror__(self, other: Any) -> "Record":  # type: ignore[override]  # dict has two
        return merged((other,), (self,))

    def __copy__(self) -> "Record":
        return Record(self)

    def __deepcopy__(self, memo: "dict[int, Any]") -> "Record":
        from copy import deepcopy

        made = Record()
        memo[id(self)] = made
        made.update({key: deepcopy(value, memo) for key, value in self.items()})
        mark(made, sources_of(self))
        return made

    def __reduce__(self) -> Any:
        return Record, (dict(self),)

    copy = __copy__


def mark(record: Record, sources: Iterable[int]) -> None:
    """Say which input items a record was made of."""
    object.__setattr__(record, "sources", frozenset(sources))


def sources_of(value: Any) -> "frozenset[int]":
    """Return the input items that a value is known to be made of."""
    return value.sources if type(value) is Record else frozenset()


def merged(*parts: "tuple[Any, ...]") -> Record:
    """Return what `{**a, key: value}` gives, which remembers what it was made of."""
    made = Record()
    sources: set[int] = set()
    for part in parts:
        if len(part) == 1:
            if not hasattr(part[0], "keys"):
                raise TypeError(f"{type(part[0]).__name__!r} object is not a mapping")
            made.update(part[0])
            sources |= sources_of(part[0])
        else:
            made[part[0]] = part[1]
    mark(made, sources)
    return made


def listed(value: Any) -> "list[list[int]]":
    """Return for each item of what was returned the input items that it was made of."""
    entries = value if isinstance(value, (list, tuple)) else [value]
    found = []
    for entry in entries:
        own = sources_of(entry)
        inner = sources_of(entry.get("json")) if isinstance(entry, dict) else frozenset()
        found.append(sorted(own | inner))
    return found


class Input:
    """The step's own items: `_input`."""

    def __init__(self, items: "list[Any]", ports: "dict[str, list[Any]]", current: Callable[[], Any]) -> None:
        self._items, self._ports, self._current = items, ports, current

    def _of(self, port: "str | None") -> "list[Any]":
        if port is None or port == "main":
            return self._items
        if port not in self._ports:
            raise LookupError(f"no items arrive on the port {port!r}")
        return self._ports[port]

    def all(self, port: "str | None" = None) -> "list[Any]":
        """All items."""
        return list(self._of(port))

    def first(self, port: "str | None" = None) -> Any:
        """The first item; None where there is none."""
        return (self._of(port) or [None])[0]

    def last(self, port: "str | None" = None) -> Any:
        """The last item; None where there is none."""
        return (self._of(port) or [None])[-1]

    @property
    def item(self) -> Any:
        """The item that the code runs for."""
        return self._current()


class Node:
    """Another node's output: `_("Name")`, `_node["Name"]`."""

    def __init__(
        self, name: str, ports: "dict[str, list[Any]] | None", pair: "Callable[[str, list[Any], int | None], Any]"
    ) -> None:
        self._name, self._ports, self._pair = name, ports, pair

    @property
    def isExecuted(self) -> bool:  # noqa: N802  # n8n's name
        """Whether it ran."""
        return self._ports is not None

    def all(self, port: "str | None" = None) -> "list[Any]":
        """All items that it gave, of one port or of all."""
        ports = self._ports or {}
        return list(ports.get(port, ())) if port is not None else [item for items in ports.values() for item in items]

    def first(self, port: "str | None" = None) -> Any:
        """The first item; None where there is none."""
        return (self.all(port) or [None])[0]

    def last(self, port: "str | None" = None) -> Any:
        """The last item; None where there is none."""
        return (self.all(port) or [None])[-1]

    def itemMatching(self, index: int) -> Any:  # noqa: N802  # n8n's name
        """The item that the input item at an index comes from."""
        return self._pair(self._name, self.all(), index)

    pairedItem = itemMatching  # noqa: N815  # n8n's name

    @property
    def item(self) -> Any:
        """The item that the current one comes from."""
        return self._pair(self._name, self.all(), None)

    @property
    def json(self) -> Any:
        """The json of that item."""
        return self.item["json"]


class Nodes:
    """`_node["Name"]`."""

    def __init__(self, find: Callable[[str], Node]) -> None:
        self._find = find

    def __getitem__(self, name: str) -> Node:
        return self._find(name)
