"""Values on their way from Postgres to JSON. The server sends text; this says what of it becomes of which type.

| type | JSON |
| --- | --- |
| `boolean` | true, false |
| `smallint`, `integer`, `bigint`, `oid` | a number; from 2^53 on text, for JavaScript would change it |
| `real`, `double precision`, `numeric`, numbers inside `json` and `jsonb` | a number where no digit is lost, else text; `NaN`, `Infinity` as text |
| `json`, `jsonb` | the value, its keys in the server's order |
| `date`, `time`, `timestamp`, with and without time zone | text as ISO 8601 writes it (`2026-11-23T09:00:00+00:00`); what ISO 8601 does not have (`infinity`, BC, years beyond 9999) as the server writes it |
| arrays of any of these | lists, of as many dimensions |
| `hstore` | an object |
| everything else | text as the server writes it: `\\x00ff` (bytea), `1 mon 02:00:00` (interval), `[1,5)` (ranges), `(Ada,7)` (composites), uuid, inet, money, bit, xml, enums, geometry |

Everything here can be sent back as it came (`functions.nodes.databases.database.sending`).
"""  # noqa: E501  # a table

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import psycopg
from psycopg.abc import Buffer
from psycopg.abc import Loader as AnyLoader
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.hstore import HstoreLoader
from psycopg.types.string import TextLoader

from stepweave.runtime.sql.values import double_of, json_value, number, whole

_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:.*)")
_OFFSET: Final = re.compile(r"[+-]\d\d$")


def _moment(text: str) -> str:
    """Return a date and time as ISO 8601 writes it; one that it has not, as it is."""
    if text.endswith("BC") or not (found := _MOMENT.fullmatch(text)):
        return text
    return f"{found[1]}T{_clock(found[2])}"


def _clock(text: str) -> str:
    return f"{text}:00" if _OFFSET.search(text) else text


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "bool": lambda text: text == "t",
    **dict.fromkeys(("int2", "int4", "int8", "oid"), whole),
    **dict.fromkeys(("float4", "float8"), lambda text: double_of(float(text))),
    "numeric": number,
    **dict.fromkeys(("json", "jsonb"), json_value),
    **dict.fromkeys(("timestamp", "timestamptz"), _moment),
    "timetz": _clock,
}
"""Type -> what makes JSON of the server's text. Others stay text."""


@cache
def _loader(name: str) -> type[AnyLoader]:
    if name == "hstore":
        return HstoreLoader
    if name not in _READERS:
        return TextLoader
    reader = _READERS[name]

    class Reading(Loader):
        def load(self, data: Buffer) -> Any:
            return reader(bytes(data).decode())

    return Reading


def register(connection: psycopg.Connection[Any], number: int, name: str) -> None:
    """Have columns of the type `number` read as those of the type called `name`. Arrays are read by their elements."""
    if not name.endswith("[]"):
        connection.adapters.register_loader(number, _loader(name))


@cache
def adapters() -> AdaptersMap:
    """Return how columns of the server's own types are read: by this module's table, never as Python's types."""
    made = AdaptersMap(psycopg.adapters)
    for info in psycopg.adapters.types:
        made.register_loader(info.oid, _loader(info.name))
    return made
