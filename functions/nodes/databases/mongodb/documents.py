"""Documents of MongoDB and JSON: Extended JSON both ways, or plain on the way out."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bson import Binary, Code, DatetimeMS, Decimal128, Int64, ObjectId
from bson.errors import BSONError
from bson.json_util import CANONICAL_JSON_OPTIONS, RELAXED_JSON_OPTIONS, dumps, loads

from stepweave.model.json_text import mended
from stepweave.runtime.errors import ParameterInvalid

_OUT: Final = {"relaxed": RELAXED_JSON_OPTIONS, "canonical": CANONICAL_JSON_OPTIONS}
_SCRIPTS: Final = frozenset({"$where", "$function", "$accumulator"})
_MOST_INT: Final = 2**63
_MOST_EXACT: Final = 2**53


def stored(value: Any, field: str, *, scripts: bool = True) -> Any:
    """Return JSON data as MongoDB has it.

    Args:
        value: with Extended JSON in it.
        field: the node's parameter, for errors.
        scripts: whether JavaScript may be in it.

    Raises:
        ParameterInvalid: it cannot be stored, or has JavaScript that it may not have.
    """
    for name, one in _walked(value):
        if not scripts and name in _SCRIPTS:
            raise _wrong(
                field, f"{name} runs JavaScript in the server.", "Write it without, or allow it under Options."
            )
        if isinstance(one, int) and not isinstance(one, bool) and not -_MOST_INT <= one < _MOST_INT:
            remedy = 'Write it as a decimal: {"$numberDecimal": "..."}.'
            raise _wrong(field, f"{one} has more digits than a whole number of MongoDB.", remedy)
    try:
        whole, _ = mended(value)
        return loads(json.dumps(whole), json_options=RELAXED_JSON_OPTIONS)
    except (BSONError, ValueError, TypeError, KeyError, RecursionError, ArithmeticError) as error:
        words = " ".join(str(error).split())[:300]
        raise _wrong(field, f"It is no Extended JSON: {words}.", "See the node's documentation.") from None


def shown(value: Any, shape: str) -> Any:
    """Return what MongoDB gave as JSON data.

    Args:
        value: a document, or a part of one.
        shape: `relaxed` or `canonical` Extended JSON, or `plain`.
    """
    if shape == "plain":
        return _plain(value)
    return _exact(json.loads(dumps(value, json_options=_OUT[shape])))


def _exact(value: Any) -> Any:
    """Return data whose whole numbers are none that expressions would round: these are `{"$numberLong": "..."}`."""
    if isinstance(value, dict):
        return {name: _exact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    is_large = isinstance(value, int) and abs(value) > _MOST_EXACT
    return {"$numberLong": str(value)} if is_large else value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, int) and abs(value) > _MOST_EXACT:
        return str(value)
    if isinstance(value, Int64):
        return int(value)
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    if isinstance(value, datetime):
        whole = value if value.tzinfo else value.replace(tzinfo=UTC)
        return whole.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Binary) and value.subtype == 4 and len(value) == 16:
        return str(value.as_uuid())
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, ObjectId | Decimal128 | Code | str):
        return str(value)
    if isinstance(value, DatetimeMS):
        return int(value)
    return json.loads(dumps(value, json_options=RELAXED_JSON_OPTIONS))


def _walked(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield everything in JSON data, with its name; "" where it has none."""
    left: list[tuple[str, Any]] = [("", value)]
    while left:
        name, one = left.pop()
        yield name, one
        if isinstance(one, Mapping):
            left += ((str(key), inner) for key, inner in one.items())
        elif isinstance(one, list):
            left += (("", inner) for inner in one)


def _wrong(field: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": field})
