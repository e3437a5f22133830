"""JSON that every part of the platform can carry: the one rule for what JSON, UTF-8 or Postgres cannot.

What comes from outside (a request's body) is refused, and the refusal names the place: `read`. What comes from inside
(an expression's value, a node's result) is mended: half of a surrogate pair becomes U+FFFD, for it is no character
(RFC 8259, section 8.2): `mended`; a number that is none (NaN, an infinity) is an error of whoever made it.
What is written to queues, S3, Step Functions and Postgres never fails: `write` mends text and makes such numbers null.

A name that an object has twice keeps its last value, in its first place, as in JavaScript. NUL is a character of JSON;
Postgres cannot keep it, so what is stored as it came (documents, forms) is read with `nul=False`, and the history
shows U+FFFD (`stepweave_data.history.stored_json`).
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

REPLACEMENT: Final = "\ufffd"
MOST_DEPTH: Final = 200
"""Lists and objects in one another; each step wraps items a few levels deeper, and Python's JSON ends near 1,000."""
_HALF: Final = re.compile("[\ud800-\udfff]")
_LARGE: Final = re.compile(r"[eE]\+?\d{3}|\d{309}")
"""What a number beyond a double's range has: three digits of exponent, or 309 digits."""
_MOST_BITS: Final = 1024
_PLAIN: Final = re.compile(r"[A-Za-z_$][\w$]*")
_Place = tuple[Any, ...]
"""The keys that lead to a value, the innermost first: `(key, place of what holds it)`."""


class JsonInvalid(ValueError):
    """What is not JSON, or JSON that cannot be carried.

    `reason` completes "it is ..."; `place` is where (`a.b[0]`, or "" for the whole or where it is no JSON at all);
    `syntax` whether it is no JSON at all.
    """

    def __init__(self, reason: str, place: str = "", *, syntax: bool = False) -> None:
        super().__init__(f"{reason} (at {place})" if place else reason)
        self.reason = reason
        self.place = place
        self.syntax = syntax


def read(content: bytes | str, *, most_depth: int = MOST_DEPTH, nul: bool = True) -> Any:
    """Return the data of a JSON text from outside.

    Args:
        content: the text; bytes are UTF-8, with a byte order mark or without.
        most_depth: how many lists and objects may be in one another.
        nul: whether text may hold the character NUL.

    Raises:
        JsonInvalid: it is no JSON, or holds what cannot be carried.
    """
    text = _text(content) if isinstance(content, bytes) else content
    large = _LARGE.search(text) is not None
    try:
        if large:
            data = json.loads(text, parse_constant=_constant, parse_int=_integer)
        else:
            data = json.loads(text, parse_constant=_constant)
    except json.JSONDecodeError as error:
        words = f"not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        raise JsonInvalid(words, syntax=True) from None
    except RecursionError:
        raise _too_deep(most_depth) from None
    if large or "\\u" in text or text.count("[") + text.count("{") > most_depth:
        check(data, most_depth=most_depth, nul=nul)
    return data


def check(data: Any, *, most_depth: int = MOST_DEPTH, nul: bool = True) -> None:
    """Refuse data that cannot be carried. Arguments and errors as `read`."""
    level: list[tuple[Any, _Place]] = [(data, ())]
    for depth in range(most_depth + 1):
        below: list[tuple[Any, _Place]] = []
        for value, place in level:
            if depth == most_depth and isinstance(value, list | dict):
                raise _too_deep(most_depth)
            if reason := _reason(value, nul=nul):
                raise JsonInvalid(reason, shown(place))
            if isinstance(value, dict):
                for key, entry in value.items():
                    if reason := _reason(key, nul=nul):
                        raise JsonInvalid(reason, f"a name in {shown(place) or 'the whole'}")
                    below.append((entry, (key, place)))
            elif isinstance(value, list):
                below += [(entry, (index, place)) for index, entry in enumerate(value)]
        level = below


def mended(value: Any) -> tuple[Any, list[str]]:
    """Return JSON data whose text every part can carry, and the places where something was mended.

    The data is the same object where nothing was. Numbers stay as they are.

    Args:
        value: JSON data, without cycles.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        places = [shown(place) for place in _places(value, (), _half)]
        return _mended(value), places
    return value, []


def endless_place(value: Any) -> str:
    """Return the place of the first number in JSON data that is none (NaN, an infinity, beyond a double); else ""."""
    return next((shown(place) or "the whole" for place in _places(value, (), _endless)), "")


def finite(value: Any) -> Any:
    """Return JSON data with null for numbers that are none (NaN, an infinity, beyond a double)."""
    return _mended(value, text=False, numbers=True)


def mended_text(text: str) -> str:
    """Return text with U+FFFD for each half of a surrogate pair; two halves that belong together become one."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def write(value: Any) -> str:
    """Return JSON text of ASCII only, which every queue and service takes. Half surrogates are U+FFFD, NaN is null."""
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(_mended(value, numbers=True), separators=(",", ":"))
    if "\\ud" in text:  # halves, or characters beyond the first plane
        return json.dumps(_mended(value), separators=(",", ":"))
    return text


def shown(place: _Place) -> str:
    """Return a place as people write it: `a.b[0]["c d"]`."""
    keys: list[Any] = []
    while place:
        key, place = place
        keys.append(key)
    text = ""
    for key in reversed(keys):
        if isinstance(key, int):
            text += f"[{key}]"
        elif _PLAIN.fullmatch(str(key)):
            text += f".{key}" if text else str(key)
        else:
            text += f"[{json.dumps(mended_text(str(key)), ensure_ascii=False)}]"
    return text if len(text) <= 200 else text[:200] + "…"  # enough to find it


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonInvalid(f"not JSON in UTF-8 (byte {error.start} is no UTF-8)", syntax=True) from None


def _constant(name: str) -> Any:
    raise JsonInvalid(f"not JSON ({name} is no number of JSON)", syntax=True)


def _integer(text: str) -> int | float:
    return int(text) if math.isfinite(number := float(text)) else number


def _endless(value: Any) -> bool:
    """Whether a value is a number that no double holds."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def _reason(value: Any, *, nul: bool) -> str:
    if _endless(value):
        return "holding a number that is larger than numbers can be"
    if isinstance(value, str):
        if not nul and "\x00" in value:
            return "holding a NUL character, which cannot be stored"
        if _half(value):
            return "holding half of a surrogate pair, which is no character"
    return ""


def _too_deep(most: int) -> JsonInvalid:
    return JsonInvalid(f"nested more than {most} deep")


def _half(value: Any) -> bool:
    return isinstance(value, str) and _HALF.search(value) is not None


def _places(value: Any, place: _Place, wanted: Callable[[Any], bool]) -> Iterator[_Place]:
    """Give the places of names and values that are `wanted`."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if wanted(key):
                yield (key, place)
            yield from _places(entry, (key, place), wanted)
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from _places(entry, (index, place), wanted)
    elif wanted(value):
        yield place


def _mended(value: Any, *, text: bool = True, numbers: bool = False) -> Any:
    if isinstance(value, str):
        return mended_text(value) if text else value
    if numbers and _endless(value):
        return None
    if isinstance(value, dict):
        return {_mended(key, text=text): _mended(entry, text=text, numbers=numbers) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(entry, text=text, numbers=numbers) for entry in value]
    return value
