"""Values of the store: what may be stored, as which text, and numbers with all their digits. Pure."""

import json
import math
from datetime import UTC
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final

from stepweave.model.json_text import JsonInvalid, check
from stepweave.model.moments import FORMS, read_moment
from stepweave.model.numbers import read_number, scalar_text
from stepweave.model.sizes import size_text
from stepweave.model.zones import UnknownTimeZone
from stepweave_data.store.errors import ColumnMismatch, StoreKeyInvalid, StoreNotNumber, StoreValueInvalid

MOST_BYTES: Final = 256 * 1024
"""Of a value, and of a row, as JSON."""
MOST_KEY: Final = 512
"""Characters of a key."""
MOST_NAME: Final = 63
"""Characters of the name of a store, a table or a column."""
MOST_DEPTH: Final = 100
TYPES: Final = ("text", "number", "boolean", "date", "json")
_PLAIN: Final = 10**21
"""From here on JavaScript writes a number with an exponent; Postgres writes all of its digits."""
_MOST_DIGITS: Final = 400
_MOST_POWER: Final = 400


def key_text(key: Any) -> str:
    """Return a key. Numbers and booleans are their text. Raises StoreKeyInvalid."""
    return _named(key, "key", MOST_KEY)


def name_text(name: Any, what: str) -> str:
    """Return the name of `what` (store, table, column), without white space around. Raises StoreKeyInvalid."""
    return _named(name.strip() if isinstance(name, str) else name, what, MOST_NAME)


def _named(name: Any, what: str, most: int) -> str:
    if isinstance(name, bool | int | float):
        name = scalar_text(name)
    if not isinstance(name, str) or not name:
        raise StoreKeyInvalid(f"The {what} is empty or no text.", f"Give the {what} as text.", what)
    if len(name) > most:
        raise StoreKeyInvalid(
            f"The {what} has {len(name):,} characters; {most} are allowed.", f"Shorten the {what}.", what
        )
    if any(ord(letter) < ord(" ") or "\ud800" <= letter <= "\udfff" for letter in name):
        raise StoreKeyInvalid(
            f"The {what} has a control character or half a character in it.", "Take that character out.", what
        )
    return name


def json_of(value: Any) -> str:
    """Return a value as the JSON that is stored, numbers with all their digits. Raises StoreValueInvalid."""
    try:
        check(value, most_depth=MOST_DEPTH, nul=False)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except JsonInvalid as error:
        raise StoreValueInvalid(f"The value cannot be stored: it is {error}.", "Store other data.", "value") from None
    except (ValueError, TypeError, RecursionError):
        raise StoreValueInvalid(
            "The value is no JSON: it has a number that is none.", "Store other data.", "value"
        ) from None
    size = len(text.encode())
    if size > MOST_BYTES:
        raise StoreValueInvalid(
            f"The value has {size_text(size)}; {size_text(MOST_BYTES)} are allowed.",
            "Store less, or a file's reference in its place.",
            "value",
        )
    return text


def exact(number: int | float) -> int | float:
    """Return a number as it was put in: Postgres writes 1e300 with all of its zeros, which JavaScript does not."""
    if isinstance(number, int) and abs(number) >= _PLAIN:
        double = float_of(number)
        if math.isfinite(double) and Decimal(repr(double)) == number:
            return double
    return number


def added(stored: Any, by: Any) -> int | float:
    """Return the sum of two numbers of JSON, as people reckon: 0.1 and 0.2 are 0.3.

    Raises:
        StoreNotNumber: one is no number, or the sum has more digits than a number with decimals keeps.
    """
    with localcontext() as context:
        context.prec = _MOST_DIGITS * 2
        total = _decimal(stored, "The stored value") + _decimal(by, "What is to be added")
    if total == total.to_integral_value():
        whole = int(total)
        if not math.isfinite(float_of(whole)):  # which JSON's readers have
            raise StoreNotNumber("The sum is larger than a number can be.", "Set the key anew.", "by")
        return exact(whole) if any(isinstance(one, float) for one in (stored, by)) else whole
    double = float(total)
    if Decimal(repr(double)) != total:
        raise StoreNotNumber(
            f"The sum {total.normalize():f} has more digits than a number keeps.", "Count in whole units (cents).", "by"
        )
    return double


def _decimal(value: Any, what: str) -> Decimal:
    number = read_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(float_of(number)):
        shown = json.dumps(value, ensure_ascii=False)[:60] if not isinstance(value, float) else str(value)
        raise StoreNotNumber(
            f"{what} is no number: {shown}.", "Use another key, or set this one to a number first.", "by"
        )
    try:
        return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    except InvalidOperation:
        raise StoreNotNumber(f"{what} is no number.", "Set the key to a number first.", "by") from None


def fitting(value: Any, type: str, column: str, zone: str) -> Any:
    """Return a value as a column of `type` stores it; None for none.

    Text becomes a number, a boolean or a date where it is one; what is stored of a date is its moment in UTC, of JSON
    its text.

    Args:
        value: JSON data.
        type: one of `TYPES`.
        column: its name, for messages.
        zone: the IANA name of the time zone of dates without one.

    Raises:
        ColumnMismatch: it does not fit.
        StoreValueInvalid: nobody could store it.
    """
    if value is None or (type != "text" and isinstance(value, str) and not value.strip()):
        return None
    match type:
        case "text":
            if isinstance(value, bool | int | float):
                value = scalar_text(value)
            if isinstance(value, str):
                json_of(value)
                return value
        case "number":
            number = read_number(value) if isinstance(value, str) else value
            if isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(float_of(number)):
                return number
        case "boolean":
            lower = value.strip().lower() if isinstance(value, str) else value
            if isinstance(lower, bool) or lower in ("true", "false"):
                return lower if isinstance(lower, bool) else lower == "true"
        case "date":
            return _date(value, column, zone)
        case "json":
            return json_of(value)
    raise _mismatch(value, type, column)


def given(value: Any, type: str) -> Any:
    """Return a stored value as items have it."""
    if value is None:
        return None
    if type == "json":
        return json.loads(value)
    if type == "number":
        return exact(value)
    return value


def type_of(value: Any) -> str:
    """Return the type of a column that a value would make."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "json" if isinstance(value, dict | list) else "text"


def float_of(number: int | float) -> float:
    """Return a number as a double; what is too large is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _date(value: Any, column: str, zone: str) -> str:
    try:
        moment = read_moment(value, zone)
    except UnknownTimeZone:
        moment = None
    if moment is None or isinstance(value, bool):
        raise _mismatch(value, "date", column)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mismatch(value: Any, type: str, column: str) -> ColumnMismatch:
    shown = json.dumps(value, ensure_ascii=False)[:60]
    example = {"number": "12.5", "boolean": "true or false", "date": FORMS, "text": "text"}[type]
    return ColumnMismatch(
        f"{shown} does not fit the column “{column}”, which has the type {type}.", f"Give {example}.", column
    )
