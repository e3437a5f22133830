"""JSON that servers send: refused where its numbers cannot be kept, and read without changing a digit silently.

JavaScript, Step Functions and this platform's items have one kind of number, IEEE 754's doubles. So a whole number
beyond 2^53 becomes text with all its digits, and a number that is too large for a double is refused.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

_LARGEST_EXACT: Final = 2**53 - 1
"""JavaScript's `Number.MAX_SAFE_INTEGER`."""
_MOST_DIGITS: Final = 4000
"""Python refuses to read longer numbers (`sys.set_int_max_str_digits`), and text of them is as good."""
_LINE_TYPES: Final = re.compile(
    r"(application|text)/(x-)?(ndjson|jsonl|jsonlines|json-lines|json-stream|json-seq)|application/stream\+json"
)
_RECORD: Final = "\x1e"
"""What begins each text of a JSON sequence (RFC 7464)."""

_SPACE: Final = " \t\r\n"
"""JSON's white space (RFC 8259, section 2); Python's has the record's mark in it too."""
_TEXTUAL: Final = re.compile(r"text/|application/(xml|javascript|x-www-form-urlencoded|.*\+xml)|.*\+xml")

Note = Callable[[str], None]
"""Takes what should be said of a body that was read."""


def is_json(media_type: str) -> bool:
    """Whether a media type says JSON (WHATWG MIME Sniffing, "JSON MIME type")."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def is_text(media_type: str) -> bool:
    """Whether a media type is one of text that is no JSON: `text/plain`, XML, forms."""
    return _TEXTUAL.match(media_type) is not None


def is_json_lines(media_type: str) -> bool:
    """Whether a media type says one JSON value a line, under any of the names that are in use."""
    return _LINE_TYPES.fullmatch(media_type) is not None


def read_json(text: str, note: Note) -> Any:
    """Return the value of a JSON text.

    Args:
        text: JSON.
        note: told of names that stand twice in an object, and of whole numbers that became text.

    Raises:
        ValueError: it is not JSON, or has a number that is too large.
        RecursionError: it is nested too deep.
    """
    told: set[str] = set()

    def once(about: str, words: str) -> None:
        if about not in told:
            told.add(about)
            note(words)

    def pairs(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(entries)
        if len(made) < len(entries):
            names = [name for name, _ in entries]
            twice = next(name for name in names if names.count(name) > 1)
            once("names", f"An object has the name {twice[:80]!r} more than once; the last one counts.")
        return made

    def whole(digits: str) -> int | str:
        number = int(digits) if len(digits) < _MOST_DIGITS else None
        if number is not None and -_LARGEST_EXACT <= number <= _LARGEST_EXACT:
            return number
        once("numbers", f"Whole numbers beyond 2^53, such as {digits[:40]}, are text, so that they keep their digits.")
        return digits

    return json.loads(text, object_pairs_hook=pairs, parse_int=whole, parse_float=_finite, parse_constant=_no_constant)


def read_lines(text: str, note: Note) -> list[Any]:
    """Return the values of JSON lines or of a JSON sequence; lines without anything in them do not count.

    Raises:
        ValueError: a line is not JSON; its number is named.
        RecursionError: it is nested too deep.
    """
    values = []
    for number, line in _lines(text):
        try:
            values.append(read_json(line, note))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    return values


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: it also splits at U+2028, which may stand in JSON's strings.
    parts = text.split(_RECORD) if text.lstrip(_SPACE).startswith(_RECORD) else text.split("\n")
    return ((number, part) for number, part in enumerate(parts, 1) if part.strip(_SPACE))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
