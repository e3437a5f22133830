"""What people's Python hands on, as JSON text: Python's own kinds of values become what JSON has for them."""

from collections.abc import Iterable, Mapping
from json import dumps, loads
from typing import Any

MOST_TEXT = 4000


def to_json(value: Any) -> str:
    """Return JSON text; numbers that JSON has no words for are null, as in JavaScript.

    Raises:
        TypeError: it holds something that JSON cannot hold, or a key that is none.
        ValueError: it holds itself, or an integer of thousands of digits.
        RecursionError: it is nested too deeply.
    """
    try:
        return dumps(value, default=_plain, allow_nan=False)
    except ValueError as error:
        if "Out of range float" not in str(error):
            raise
        return dumps(_finite(loads(dumps(value, default=_plain))))
    except TypeError as error:
        if "keys must be" in str(error):
            raise TypeError("the keys of what a code node returns must be text") from None
        raise


def _plain(value: Any) -> Any:
    """Return what json makes of a value of a kind that it does not know."""
    if isinstance(value, Mapping):
        return dict(value)
    kind = type(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(kind, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in kind.__dataclass_fields__}
    if kind.__name__ in ("Decimal", "Fraction", "UUID", "timedelta", "IPv4Address", "IPv6Address", "ZoneInfo"):
        return str(value)
    if hasattr(kind, "__members__") and hasattr(value, "value"):
        return value.value
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError("bytes are no JSON; return base64.b64encode(...).decode() of them")
    if isinstance(value, Iterable) and not isinstance(value, (str, type)):
        return list(value)
    raise TypeError(f"what a code node returns must be data; there is a value of type {kind.__name__} in it")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    return [_finite(entry) for entry in value] if isinstance(value, list) else value


def words_of(error: BaseException) -> str:
    """Return `Kind: what it says`, as the last line of a traceback has it."""
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001,RUF100  # people's own class, whose text may do anything
        text = "what was raised cannot be shown"
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:MOST_TEXT]
