"""The types of the user's database: their names, and what arrays and domains are made of.

The server's own types are known by their numbers (pg_type.dat, which psycopg has); enums, domains, composites and those
of extensions are asked for, once each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.types import TypeInfo

from functions.nodes.databases.database.reading import register

JSON: Final = 114
TEXT: Final = 25
"""The number of `text`, which the server takes for a value that it knows nothing about."""
_LOOKUP: Final = """
SELECT oid, typname, CASE WHEN typlen = -1 AND typcategory = 'A' THEN typelem ELSE 0 END, typdelim, typbasetype
FROM pg_catalog.pg_type WHERE oid = ANY($1)"""


@dataclass(frozen=True, slots=True)
class ServerType:
    """A type of the server.

    Attributes:
        name: as the server calls it; of a domain, that of the type below it.
        element: what an array has; None where it is no array.
        delimiter: what stands between the elements of an array of this type (only boxes have another than a comma).
        own: one of the server's own, not made by a user or an extension.
    """

    name: str
    element: "ServerType | None" = None
    delimiter: str = ","
    own: bool = True


class ServerTypes:
    """The types that statements on one connection use."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._known: dict[int, ServerType] = {}

    def __getitem__(self, number: int) -> ServerType:
        """Return a type that `learn` has seen."""
        return self._known[number]

    def learn(self, numbers: Iterable[int]) -> None:
        """Make types known, and have columns of them read as they should be.

        Raises:
            psycopg.Error: the server could not be asked.
        """
        wanted = [number for number in dict.fromkeys(numbers) if number not in self._known]
        for number in wanted:
            if own := self._connection.adapters.types.get(number):
                element = ServerType(own.name, None, own.delimiter)
                is_array = own.array_oid == number
                self._known[number] = ServerType(f"{own.name}[]", element) if is_array else element
        if asked := [number for number in wanted if number not in self._known]:
            self._ask(asked)

    def _ask(self, numbers: list[int]) -> None:
        with psycopg.RawCursor(self._connection) as cursor:
            found = cursor.execute(_LOOKUP, [numbers]).fetchall()
        self.learn(below for _, _, element, _, base in found for below in (element, base) if below)
        for number, name, element, delimiter, base in found:
            if base:  # a domain
                self._known[number] = self._known[base]
            elif element:
                inner = self._known[element]
                self._known[number] = ServerType(f"{inner.name}[]", inner, own=False)
                TypeInfo(inner.name, element, number, delimiter=inner.delimiter).register(self._connection)
            else:
                self._known[number] = ServerType(name, None, delimiter, own=False)
            register(self._connection, number, self._known[number].name)
        for number in numbers:
            self._known.setdefault(number, ServerType("unknown", own=False))
