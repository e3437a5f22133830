"""Numbers and JSON exactly as JavaScript writes them."""

import json
import math
import re
from typing import Any, Final

_LARGEST_EXACT: Final = 2**53
_LARGEST_PLAIN: Final = 21
"""Digits before the point from which JavaScript writes an exponent, and below, zeros behind it (ECMA-262,
Number::toString)."""
_SMALLEST_PLAIN: Final = -6
_SURROGATE: Final = "[\ud800-\udfff]"
_MOST_DIGITS: Final = 10
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
    if isinstance(number, int):
        return str(number)
    digits, point = _digits(abs(number))
    if len(digits) >= _MANY_DIGITS and abs(math.frexp(number)[0]) == 0.5:  # a power of two
        raise NotShortest
    minus = "-" if number < 0 else ""
    if 0 < point <= _LARGEST_PLAIN:
        return f"{minus}{digits[:point].ljust(point, '0')}" + (f".{digits[point:]}" if len(digits) > point else "")
    if _SMALLEST_PLAIN < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    power = point - 1
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{minus}{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def _digits(number: float) -> tuple[str, int]:
    """Return a positive double's shortest digits, and where among them the point stands; Python's repr finds them."""
    mantissa, _, exponent = repr(number).partition("e")
    whole_part, _, fraction = mantissa.partition(".")
    digits = (whole_part + fraction).lstrip("0")
    point = len(whole_part) - (len(whole_part + fraction) - len(digits)) + int(exponent or 0)
    return digits.rstrip("0") or "0", point


def json_text(value: Any) -> str:
    """Return JSON data that `ordered` and `double` went over as `JSON.stringify` writes it."""
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return re.sub(_SURROGATE, lambda found: f"\\u{ord(found.group()):04x}", text)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(key)}:{json_text(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return number_text(value)


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
