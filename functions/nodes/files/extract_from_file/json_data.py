"""JSON and JSON lines."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from functions.nodes.files.extract_from_file.source import MOST_TEXT_BYTES, Source
from stepweave.model.json_text import JsonInvalid
from stepweave.model.json_text import read as read_json
from stepweave.runtime.streaming import Reading

_LONGEST_LINE: Final = 16 * 1024**2


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield an object for each entry of a list, or for each line; what is no object is in `value`.

    Raises:
        FileInvalid: it is no JSON.
        FileNotText: it is not in its encoding.
        DataTooLarge: it is no list, and too large to be read at once.
    """
    if source.format == "jsonLines":
        yield from _lines(source)
    elif source.file.size > MOST_TEXT_BYTES:
        yield from _streamed(source)
    else:
        text = source.text()
        try:
            data = read_json(text.removeprefix("\ufeff"))
        except JsonInvalid as error:
            raise source.invalid("JSON", _where(text, error)) from None
        for entry in data if isinstance(data, list) else [data]:
            yield _object(entry)


def _lines(source: Source) -> Iterator[dict[str, Any]]:
    lines, number = source.lines(), 0
    try:
        while line := lines.readline(_LONGEST_LINE):
            number += 1
            if line.strip():
                yield _object(read_json(line.strip("\x1e \t\r\n")))
    except UnicodeDecodeError as error:
        raise source.wrong_byte(error) from None
    except JsonInvalid as error:
        raise source.invalid("JSON lines", f"line {number:,} is {error}", line=number) from None


def _streamed(source: Source) -> Iterator[dict[str, Any]]:
    pieces = source.file.chunks()
    first = next(pieces, b"").removeprefix(b"\xef\xbb\xbf")
    if not first.lstrip().startswith(b"["):
        source.file.check(MOST_TEXT_BYTES, "A file that is no JSON list")
    reading = Reading()
    try:
        for piece in chain((first,), pieces):
            yield from map(_object, reading.more(piece))
    except UnicodeDecodeError as error:
        raise source.wrong_byte(error) from None
    if reading.left:
        raise source.invalid("JSON", "the list ends in the middle, or something in it is none")


def _where(text: str, error: JsonInvalid) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as found:
        return f"{found.msg} in line {found.lineno}, column {found.colno}"
    except RecursionError:
        pass
    return str(error)


def _object(entry: Any) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {"value": entry}
