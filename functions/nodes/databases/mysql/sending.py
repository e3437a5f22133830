"""Values on their way from JSON to MySQL, of the type of their column where that is known, else of their own.

| column | sent |
| --- | --- |
| `json` | the value as JSON; text that is JSON as it is |
| `binary`, `varbinary`, `blob` | text that begins with `\\x` is hexadecimal; other text gives its UTF-8 bytes |
| `datetime`, `timestamp` | text; of ISO 8601 with a zone the same moment in UTC, which the session has |
| `decimal` | the number's digits |
| `char`, `text` and the like | text; of numbers and booleans as JavaScript writes them; of lists and objects their JSON |
| everything else, and values of one's own SQL | text, numbers and booleans (1, 0) as they are; lists and objects as JSON; `{"type": "Buffer", "data": [...]}` as bytes |
"""  # noqa: E501  # a table

import re
import struct
from datetime import UTC, datetime
from typing import Any, Final

from functions.nodes.databases.mysql.protocol import Bound, Column, counted
from functions.nodes.databases.mysql.reading import BINARY, BYTES, DATETIME, DECIMALS, JSON, TIMESTAMP
from stepweave.runtime.sql.values import bytes_of, json_text, plain_text

_TINY, _LONGLONG, _DOUBLE, _BLOB, _TEXT = 1, 8, 5, 252, 253
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)")


def bound(value: Any, column: Column | None) -> Bound:
    """Return a value as it is sent.

    Args:
        value: JSON data.
        column: where it goes; None where nobody knows.

    Raises:
        ValueError: a number that JSON does not have, or half of a surrogate pair.
    """
    if value is None:
        return Bound(_TEXT, None)
    if column is not None:
        return _for_column(value, column)
    match value:
        case bool():
            return Bound(_TINY, bytes((value,)))
        case int() if -(2**63) <= value < 2**64:
            return Bound(_LONGLONG, struct.pack("<q" if value < 2**63 else "<Q", value), value >= 2**63)
        case float():
            plain_text([value])  # infinity and NaN are refused
            return Bound(_DOUBLE, struct.pack("<d", value))
        case dict() if (data := bytes_of(value)) is not None:
            return Bound(_BLOB, counted(data))
    return _text(plain_text(value))


def _for_column(value: Any, column: Column) -> Bound:
    kind = column.type
    if kind == JSON:
        return _text(json_text(value))
    if kind in BYTES and column.charset == BINARY:
        data = bytes_of(value)
        return Bound(_BLOB, counted(plain_text(value).encode() if data is None else data))
    if kind in BYTES:
        return _text(plain_text(value))
    if kind in DECIMALS and isinstance(value, float):
        return _text(plain_text(value))
    if kind in (DATETIME, TIMESTAMP) and isinstance(value, str) and _MOMENT.fullmatch(value):
        return _text(_in_utc(value))
    return bound(value, None)


def _in_utc(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    except (ValueError, OverflowError):
        return text  # the server says what is wrong with it


def _text(text: str) -> Bound:
    return Bound(_TEXT, counted(text.encode()))
