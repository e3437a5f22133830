"""Values on their way from JSON to Postgres: text, of the type that the server expects, as n8n's and psql's users know it.

| expected | sent |
| --- | --- |
| `json`, `jsonb` | the value as JSON. Text that is JSON is taken as it is (`{"a": 1}`, `5`), other text becomes a JSON string |
| arrays | a list, item by item, of as many dimensions (of `jsonb[]`: one, whose items are documents); text that is a list in JSON, or an array as Postgres writes it |
| `bytea` | text that begins with `\\x` is hexadecimal; other text gives its UTF-8 bytes; `{"type": "Buffer", "data": [...]}` is Node's |
| `text` and the like | text; of numbers and booleans as JavaScript writes them; of lists and objects their JSON |
| `hstore` | an object |
| everything else | text, numbers, booleans as text, which the server reads: `5`, `true`, `infinity`, `P1M`, `[1,5)` |

null is NULL everywhere. What a type cannot hold is the server's to refuse, in its words.
"""  # noqa: E501  # a table

import json
from functools import cache
from typing import Any, Final

from psycopg import DataError
from psycopg.abc import Buffer, DumperKey
from psycopg.adapt import Dumper, PyFormat

from functions.nodes.databases.database.server_types import ServerType
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.sql.values import bytes_of, hexadecimal, is_json, json_text, plain_text

JSONB: Final = 3802
_JSON: Final = ("json", "jsonb")
_TEXTS: Final = ("text", "varchar", "bpchar", "name", "xml", "unknown")


class Bound:
    """A value as it is sent: its text, None being NULL, and the number of its type."""

    __slots__ = ("number", "text")

    def __init__(self, text: str | None, number: int) -> None:
        self.text = text
        self.number = number


@cache
def _mark(number: int) -> type:
    """Return a class that stands for a type of the server: psycopg tells dumpers apart by classes."""
    return type(f"Type{number}", (), {})


class BoundDumper(Dumper):
    """Hands a `Bound` to libpq."""

    def dump(self, obj: Bound) -> Buffer | None:
        """Return the text's bytes. Raises DataError for text that the protocol cannot carry."""
        if obj.text is None:
            return None
        if "\0" in obj.text:
            raise DataError("PostgreSQL text cannot hold the character NUL (0x00)")
        return obj.text.encode()

    def get_key(self, obj: Bound, format: PyFormat) -> DumperKey:
        """Return what tells dumpers apart: one for each type."""
        return (self.cls, _mark(obj.number))

    def upgrade(self, obj: Bound, format: PyFormat) -> Dumper:
        """Return the dumper of the value's type."""
        made = BoundDumper(self.cls)
        made.oid = obj.number
        return made


def number_of(value: Any) -> int:
    """Return the type that a value has of itself, where nothing asks for another: its number in pg_type.dat."""
    match value:
        case bool():
            return 16
        case int():
            return 23 if abs(value) < 2**31 else 20 if abs(value) < 2**63 else 1700
        case float():
            return 701
        case dict():
            return JSONB
        case list():
            return _array_of({number_of(entry) for entry in value if entry is not None})
    return 25


def _array_of(elements: set[int]) -> int:
    if elements <= {23, 20}:
        return 1016 if elements else 1009
    if elements <= {23, 20, 701, 1700}:
        return 1231
    return {frozenset({16}): 1000, frozenset({25}): 1009}.get(frozenset(elements), JSONB)


def text_for(value: Any, expected: ServerType, place: str) -> str:
    """Return a value's text for the type that the server expects.

    Args:
        value: JSON data, not None.
        expected: the type.
        place: names the value in errors: `$1`, `column "id"`.

    Raises:
        ParameterInvalid: a list or an object where the type has neither.
        ValueError: a number that JSON does not have.
    """
    if expected.name in _JSON:
        return json_text(value)
    if expected.element is not None:
        return _array(value, expected.element, place)
    if expected.name == "bytea" and (data := _bytes_of(value)) is not None:
        return data
    if expected.name == "hstore" and isinstance(value, dict):
        return ", ".join(f"{_quoted(name)}=>{_hstore_value(entry)}" for name, entry in value.items())
    if isinstance(value, dict | list) and expected.own and expected.name not in _TEXTS:
        raise _refused(value, expected, place)
    return plain_text(value)


def _array(value: Any, element: ServerType, place: str) -> str:
    if isinstance(value, str) and value.lstrip().startswith("[") and is_json(value):
        value = json.loads(value)
    if not isinstance(value, list):
        return plain_text(value)
    entries = (_element(entry, element, place) for entry in value)
    return "{" + element.delimiter.join(entries) + "}"


def _element(value: Any, element: ServerType, place: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list) and element.name not in _JSON:
        return _array(value, element, place)
    return _quoted(text_for(value, element, place))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _hstore_value(value: Any) -> str:
    return "NULL" if value is None else _quoted(plain_text(value))


def _bytes_of(value: Any) -> str | None:
    if isinstance(value, str) and value.startswith("\\x"):
        return value  # the server says what is wrong with it
    data = bytes_of(value)
    return None if data is None else hexadecimal(data)


def _refused(value: Any, expected: ServerType, place: str) -> ParameterInvalid:
    kind = "a list" if isinstance(value, list) else "an object"
    remedy = f"To compare with each value of a list, write `= ANY({place})`." if place.startswith("$") else ""
    return ParameterInvalid(
        f"{place} is {kind}, but the database expects {expected.name}.", remedy or "Give one value, not several."
    )
