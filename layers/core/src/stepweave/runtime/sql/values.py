"""Values between JSON and SQL databases, where these are the same in all of them: no digit is lost, no byte changes."""

import json
import math
import re
from decimal import Decimal
from typing import Any, Final

from stepweave.model.numbers import NotShortest, double, number_text

_EXACT: Final = 2**53
"""Below it every whole number is a JavaScript number of its own (ECMA-262, Number.MAX_SAFE_INTEGER)."""
_LONGEST_EXACT: Final = len(str(-_EXACT))
_SURELY_EXACT: Final = 15
"""Characters: a decimal of so many digits is found again in a double (IEEE 754: DBL_DIG)."""
_UNLIKE_JSON: Final = re.compile(r"\s*[^\s\[{\"\d\-tfn]")
"""What no JSON begins with."""
_HEX: Final = re.compile(r"\\x((?:[0-9a-fA-F]{2})*)")


def whole(text: str) -> int | str:
    """Return a whole number, or its text where JavaScript's numbers would change it."""
    if len(text) > _LONGEST_EXACT or abs(int(text)) >= _EXACT:
        return text
    return int(text)


def integer(value: int) -> int | str:
    """Return a whole number, or its text where JavaScript's numbers would change it."""
    return value if -_EXACT < value < _EXACT else str(value)


def number(text: str) -> int | float | str:
    """Return a decimal number where no digit is lost, else its text."""
    value = float(text)
    if not math.isfinite(value):
        return text
    if len(text) <= _SURELY_EXACT and "e" not in text and "E" not in text:
        return int(value) if value.is_integer() else value
    exact = Decimal(text)
    if exact == exact.to_integral_value() and abs(exact) < _EXACT:
        return int(exact)
    return value if Decimal(repr(value)) == exact else text


def double_of(value: float) -> int | float | str:
    """Return a floating-point number; what JSON does not have (`NaN`, `Infinity`) as text."""
    if not math.isfinite(value):
        return _float_text(value)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def json_value(text: str | bytes) -> Any:
    """Return JSON data. Numbers that JavaScript would change are text, as in columns of numbers."""
    return _JSON.decode(text if isinstance(text, str) else text.decode())


_JSON: Final = json.JSONDecoder(parse_int=number, parse_float=number, parse_constant=str)


def hexadecimal(data: bytes) -> str:
    """Return bytes as text: `\\x00ff`."""
    return "\\x" + data.hex()


def bytes_of(value: Any) -> bytes | None:
    """Return the bytes that a value stands for; None for a number, a list or an object.

    Text that begins with `\\x` is hexadecimal, other text gives its UTF-8 bytes, and Node writes
    `{"type": "Buffer", "data": [...]}`.
    """
    match value:
        case str():
            found = _HEX.fullmatch(value)
            return bytes.fromhex(found[1]) if found else value.encode()
        case {"type": "Buffer", "data": list(data)} if all(type(byte) is int and 0 <= byte < 256 for byte in data):
            return bytes(data)
    return None


def plain_text(value: Any) -> str:
    """Return the text of a value: of numbers as JavaScript writes them, of lists and objects their JSON.

    Raises:
        ValueError: a number that JSON does not have, in a list or an object.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float_text(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    try:
        return number_text(double(value))
    except NotShortest:
        return repr(value)


def json_text(value: Any) -> str:
    """Return the JSON that a value stands for: text that is JSON as it is, anything else written as JSON.

    Raises:
        ValueError: a number that JSON does not have.
    """
    if isinstance(value, str) and is_json(value):
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def is_json(text: str) -> bool:
    """Return whether text is JSON."""
    if not text or _UNLIKE_JSON.match(text):
        return False
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except ValueError:
        return False
    except RecursionError:
        return True  # the server has the last word
    return True


def _no_constant(name: str) -> None:
    raise ValueError(name)
