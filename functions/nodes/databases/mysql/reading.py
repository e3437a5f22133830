"""Values on their way from MySQL to JSON, of the protocol's binary form.

| type | JSON |
| --- | --- |
| `tinyint` to `bigint`, `year` | a number; from 2^53 on text, for JavaScript would change it |
| `decimal`, `float`, `double` | a number where no digit is lost, else text |
| `bit` | a number; from 2^53 on text |
| `datetime`, `date`, `time` | text as in ISO 8601 (`2026-11-23T09:00:00`); zero dates as they are (`0000-00-00`) |
| `timestamp` | the same in UTC, with `+00:00` |
| `json` (MySQL) | the value |
| `binary`, `varbinary`, `blob`, geometry | text in hexadecimal: `\\x00ff` |
| everything else (`char`, `text`, `enum`, `set`; `json` of MariaDB, which is text there) | text |
"""

import struct
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from stepweave.runtime.sql.values import double_of, hexadecimal, integer, json_value, number

Read = Callable[[bytes, int], tuple[Any, int]]
"""Reads a value at a place, and says where the next one stands."""

UNSIGNED: Final = 32
BINARY: Final = 63
"""The number of the character set of bytes."""
BIT, JSON, DATE, TIME, DATETIME, TIMESTAMP = 16, 245, 10, 11, 12, 7
DECIMALS: Final = (0, 246)
BYTES: Final = (249, 250, 251, 252, 253, 254, 255, 15)
"""Types that hold bytes, or text where they have a character set."""
_INTEGERS: Final = {1: "b", 2: "h", 13: "h", 3: "i", 9: "i", 8: "q"}


def reader_of(type: int, flags: int, charset: int) -> Read:
    """Return what reads a column, by the numbers that the server says of it."""
    if type in _INTEGERS:
        letter = _INTEGERS[type]
        return partial(_integer, struct.Struct("<" + (letter.upper() if flags & UNSIGNED else letter)))
    if type == 4:
        return _float
    if type == 5:
        return _double
    if type in (DATE, DATETIME, TIMESTAMP):
        return partial(_moment, type)
    if type == TIME:
        return _time
    if type in DECIMALS:
        return partial(_counted, lambda data: number(data.decode()))
    if type == BIT:
        return partial(_counted, lambda data: integer(int.from_bytes(data, "big")))
    if type == JSON:
        return partial(_counted, json_value)
    if type in BYTES and charset == BINARY:
        return partial(_counted, hexadecimal)
    return _text


def _integer(form: struct.Struct, data: bytes, place: int) -> tuple[Any, int]:
    return integer(form.unpack_from(data, place)[0]), place + form.size


def _double(data: bytes, place: int) -> tuple[Any, int]:
    return double_of(struct.unpack_from("<d", data, place)[0]), place + 8


def _float(data: bytes, place: int) -> tuple[Any, int]:
    kept = data[place : place + 4]
    (value,) = struct.unpack("<f", kept)
    for digits in (6, 7, 8):  # the shortest that is the same again
        short = float(f"{value:.{digits}g}")
        if struct.pack("<f", short) == kept:
            return double_of(short), place + 4
    return double_of(float(f"{value:.9g}")), place + 4


def _length(data: bytes, place: int) -> tuple[int, int]:
    first = data[place]
    if first < 251:
        return first, place + 1
    size = {0xFC: 2, 0xFD: 3, 0xFE: 8}[first]
    return int.from_bytes(data[place + 1 : place + 1 + size], "little"), place + 1 + size


def _text(data: bytes, place: int) -> tuple[Any, int]:
    length = data[place]
    place += 1
    if length > 250:
        length, place = _length(data, place - 1)
    end = place + length
    return data[place:end].decode(), end


def _counted(read: Callable[[bytes], Any], data: bytes, place: int) -> tuple[Any, int]:
    length, place = _length(data, place)
    return read(data[place : place + length]), place + length


def _moment(type: int, data: bytes, place: int) -> tuple[str, int]:
    length = data[place]
    year, month, day = struct.unpack_from("<HBB", data, place + 1) if length else (0, 0, 0)
    text = f"{year:04}-{month:02}-{day:02}"
    if type != DATE:
        hour, minute, second = struct.unpack_from("<BBB", data, place + 5) if length > 4 else (0, 0, 0)
        micro = struct.unpack_from("<I", data, place + 8)[0] if length > 7 else 0
        is_date = bool(year and month and day)
        zone = "+00:00" if type == TIMESTAMP and is_date else ""
        text = f"{text}{'T' if is_date else ' '}{hour:02}:{minute:02}:{second:02}{_fraction(micro)}{zone}"
    return text, place + 1 + length


def _time(data: bytes, place: int) -> tuple[str, int]:
    length = data[place]
    if not length:
        return "00:00:00", place + 1
    negative, days, hour, minute, second = struct.unpack_from("<BIBBB", data, place + 1)
    micro = struct.unpack_from("<I", data, place + 9)[0] if length > 8 else 0
    text = f"{'-' if negative else ''}{days * 24 + hour:02}:{minute:02}:{second:02}{_fraction(micro)}"
    return text, place + 1 + length


def _fraction(micro: int) -> str:
    return f".{micro:06}".rstrip("0") if micro else ""
