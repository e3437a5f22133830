"""Values between JSON and SQL Server.

| type | JSON |
| --- | --- |
| `tinyint` to `bigint` | a number; from 2^53 on text |
| `decimal`, `numeric`, `money`, `float`, `real` | a number where no digit is lost, else text |
| `bit` | true, false |
| `date`, `time`, `datetime`, `datetime2`, `smalldatetime` | text as ISO 8601 writes it, to the microsecond |
| `datetimeoffset` | the same, with its own offset |
| `binary`, `varbinary`, `image`, `rowversion` | text in hexadecimal: `\\x00ff` |
| everything else | text |

On their way back, values of rows take their columns' types; the server reads them from text. In SQL of one's own they
have their own: `nvarchar(max)`, `int` or `bigint`, `float`, `bit`, `varbinary(max)`; lists and objects are JSON text.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from pytds import tds_types

from stepweave.runtime.sql.values import bytes_of, double_of, hexadecimal, integer, number, plain_text

_TEXTS: Final = frozenset({"char", "varchar", "text", "nchar", "nvarchar", "ntext", "xml", "sql_variant", "sysname"})
_BYTES: Final = frozenset({"binary", "varbinary", "image"})
_ZONELESS: Final = frozenset({"datetime", "datetime2", "smalldatetime"})
_INTEGERS: Final = frozenset({"tinyint", "smallint", "int", "bigint"})


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its type, with digits where it has some."""

    type: str
    precision: int = 0
    scale: int = 0

    @property
    def declared(self) -> str:
        """The type of a value for it. Text and bytes of any length: a declared length would cut them."""
        if self.type in ("decimal", "numeric"):
            return f"{self.type}({self.precision},{self.scale})"
        if self.type in ("datetime2", "datetimeoffset", "time"):
            return f"{self.type}({self.scale})"
        if self.type in _BYTES:
            return "varbinary(max)"
        if self.type in ("char", "varchar", "text"):
            return "varchar(max)"
        simple = self.type in _INTEGERS | _ZONELESS or self.type in _SIMPLE
        return self.type if simple else "nvarchar(max)"


_SIMPLE: Final = frozenset({"bit", "float", "real", "date", "money", "smallmoney", "uniqueidentifier"})


def bound(value: Any, column: Column | None) -> tuple[str, Any, Any]:
    """Return how a value is declared, as which of the driver's types it is sent, and what is sent.

    Raises:
        ValueError: a number that JSON does not have, or half of a surrogate pair.
    """
    if column is not None:
        if column.type in _BYTES:
            data = None if value is None else bytes_of(value)
            if data is None and value is not None:
                data = plain_text(value).encode()
            return column.declared, tds_types.VarBinaryMaxType(), data
        return column.declared, tds_types.NVarCharMaxType(), _text_for(value, column)
    match value:
        case bool():
            return "bit", tds_types.BitType(), value
        case int() if -(2**31) <= value < 2**31:
            return "int", tds_types.IntType(), value
        case int() if -(2**63) <= value < 2**63:
            return "bigint", tds_types.BigIntType(), value
        case float():
            plain_text([value])  # infinity and NaN are refused
            return "float", tds_types.FloatType(), value
        case dict() if (data := bytes_of(value)) is not None:
            return "varbinary(max)", tds_types.VarBinaryMaxType(), data
    return "nvarchar(max)", tds_types.NVarCharMaxType(), None if value is None else _encodable(plain_text(value))


def _text_for(value: Any, column: Column) -> str | None:
    if value is None:
        return None
    if column.type in _TEXTS or isinstance(value, dict | list):
        return _encodable(plain_text(value))
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        plain_text([value])
        return format(Decimal(repr(value)), "f")
    text = _encodable(plain_text(value))
    return _in_utc(text) if column.type in _ZONELESS else text


def _encodable(text: str) -> str:
    text.encode()  # half of a surrogate pair is refused here, not in the middle of a packet
    return text


def _in_utc(text: str) -> str:
    """Return a moment of ISO 8601 with a zone in UTC, without one: the column has none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text  # the server says what is wrong with it
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond % 1000 == 0 else "microseconds")


def read(value: Any, *, single: bool) -> Any:
    """Return a value that the driver read as JSON; `single`: it is a `real`."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return integer(value)
        case float():
            return double_of(_short(value) if single else value)
        case Decimal():
            return number(format(value, "f"))
        case bytes() | bytearray():
            return hexadecimal(bytes(value))
        case datetime() | time():
            return _iso(value)
        case date():
            return value.isoformat()
    return str(value)


def _iso(value: datetime | time) -> str:
    text = value.isoformat()
    head, dot, tail = text.partition(".")
    return f"{head}.{tail[:6].rstrip('0')}{tail[6:]}" if dot else text


def _short(value: float) -> float:
    for digits in (6, 7, 8):
        short = float(f"{value:.{digits}g}")
        if struct.pack("<f", short) == struct.pack("<f", value):
            return short
    return value
