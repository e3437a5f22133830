"""Numbers and JSON exactly as JavaScript writes them, and text that is a number."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final

_LARGEST_EXACT: Final = 2**53
_LARGEST_PLAIN: Final = 21
"""Digits before the point from which JavaScript writes an exponent, and below, zeros behind it (ECMA-262,
Number::toString)."""
_SMALLEST_PLAIN: Final = -6
_SURROGATE: Final = "[\ud800-\udfff]"
_MOST_DIGITS: Final = 10
_DECIMAL: Final = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_WHOLE: Final = r"[+-]?[0-9]+"
_MOST_INTEGER_DIGITS: Final = 309
"""Of a whole number that a double holds, and its sign."""
_LARGEST_INDEX: Final = 2**32 - 2


class NotFinite(ValueError):
    """A number that is infinite in JavaScript."""


class NotShortest(ValueError):
    """A number that QuickJS does not write with the fewest digits, as ECMA-262 wants."""


_MANY_DIGITS: Final = 16
"""QuickJS 0.17 writes 54 powers of two (2**-24 is one) with 17 digits where 16 would do; no other numbers."""


def double(number: int | float) -> int | float:
    """Return what becomes of a number on its way through JavaScript's doubles and JSON: 1.0 and -0.0 are integers.

    Raises:
        NotFinite: it is too large, or not a number.
    """
    if isinstance(number, int) and -_LARGEST_EXACT <= number <= _LARGEST_EXACT:
        return number
    try:
        value = float(number)
    except OverflowError:
        raise NotFinite from None
    if not math.isfinite(value):
        raise NotFinite
    if not value.is_integer() or abs(value) >= 10**_LARGEST_PLAIN:
        return value
    # JSON.stringify writes the shortest digits that tell the double, and zeros behind them.
    digits, point = _digits(abs(value))
    return int(digits.ljust(point, "0")) * (-1 if value < 0 else 1)


def number_text(number: int | float) -> str:
    """Return the text of a number that `double` gave.

    Raises:
        NotShortest: only the engine knows what it would write.
    """
    if isinstance(number, float) and abs(math.frexp(number)[0]) == 0.5:  # a power of two
        digits, _ = _digits(abs(number))
        if len(digits) >= _MANY_DIGITS:
            raise NotShortest
    return _written(number)


def _written(number: int | float) -> str:
    if isinstance(number, int):
        return str(number)
    digits, point = _digits(abs(number))
    minus = "-" if number < 0 else ""
    if 0 < point <= _LARGEST_PLAIN:
        return f"{minus}{digits[:point].ljust(point, '0')}" + (f".{digits[point:]}" if len(digits) > point else "")
    if _SMALLEST_PLAIN < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    power = point - 1
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{minus}{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def scalar_text(value: str | bool | int | float) -> str:
    """Return the text of a scalar as `String(value)` gives it: 1.0 is `1`, 1e21 is `1e+21`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        number = double(value)
    except NotFinite:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return _written(number)


def data_text(value: Any) -> str:
    """Return JSON data as text: scalars as `scalar_text`, null as nothing, lists and objects as `JSON.stringify`."""
    if value is None:
        return ""
    if isinstance(value, str | bool | int | float):
        return scalar_text(value)
    return json_text(normal(value), _written)


def normal(value: Any) -> Any:
    """Return a copy of JSON data as it is behind a passage through JavaScript; numbers that are none become null."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        try:
            return double(value)
        except NotFinite:
            return None
    if isinstance(value, dict):
        return ordered({key: normal(entry) for key, entry in value.items()})
    return [normal(entry) for entry in value]


def read_number(text: str) -> int | float | None:
    """Return the number that a text is, or None where it is none.

    A text is a number as people and JSON write them: ASCII digits with a sign, a point and an exponent, and white space
    around. `1_0`, `0x10`, `１`, `Infinity` and nothing are none. Whole numbers keep all their digits; 1e3 and 1.0 are
    whole numbers, too.
    """
    text = text.strip()
    if re.fullmatch(_DECIMAL, text) is None:
        return None
    if re.fullmatch(_WHOLE, text):
        return int(text) if len(text) <= _MOST_INTEGER_DIGITS else None
    number = float(text)
    return double(number) if math.isfinite(number) else None


def same(left: Any, right: Any) -> bool:
    """Return whether two JSON values are the same, at any depth.

    Numbers are compared as doubles: 1 is 1.0, and so are whole numbers beyond 2**53 that JavaScript cannot tell apart.
    true is not 1. The order of an object's names does not count, that of a list's entries does.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return as_double(left) == as_double(right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(entry, right[key]) for key, entry in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def as_double(number: int | float) -> float:
    """Return a number as a double; what is too large is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _digits(number: float) -> tuple[str, int]:
    """Return a positive double's shortest digits, and where among them the point stands; Python's repr finds them."""
    mantissa, _, exponent = repr(number).partition("e")
    whole_part, _, fraction = mantissa.partition(".")
    digits = (whole_part + fraction).lstrip("0")
    point = len(whole_part) - (len(whole_part + fraction) - len(digits)) + int(exponent or 0)
    return digits.rstrip("0") or "0", point


def json_text(value: Any, number: Callable[[int | float], str] = number_text) -> str:
    """Return JSON data that `ordered` and `double` went over as `JSON.stringify` writes it; `number` writes numbers."""
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return re.sub(_SURROGATE, lambda found: f"\\u{ord(found.group()):04x}", text)
    if isinstance(value, dict):
        fields = (f"{json_text(key)}:{json_text(entry, number)}" for key, entry in value.items())
        return "{" + ",".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ",".join(json_text(entry, number) for entry in value) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return number(value)


def ordered(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its keys in JavaScript's order: those that are list indices first, by number."""
    indices = [key for key in value if key[:1].isdigit() and is_index(key)]
    if not indices:
        return value
    return {key: value[key] for key in sorted(indices, key=int)} | value


def is_index(key: str) -> bool:
    """Whether a property's name is a list index in JavaScript."""
    if not (key.isascii() and key.isdecimal() and len(key) <= _MOST_DIGITS):
        return False
    return (key[0] != "0" or key == "0") and int(key) <= _LARGEST_INDEX


def whole(text: str) -> str:
    """Return text with halves of surrogate pairs that stand side by side joined, as JavaScript holds them."""
    if text.isascii() or re.search(_SURROGATE, text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
