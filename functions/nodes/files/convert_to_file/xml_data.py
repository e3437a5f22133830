"""XML: an element for each item."""

import re
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from functions.nodes.files.convert_to_file.errors import ValueUnwritable
from functions.nodes.files.convert_to_file.target import Given, Target, cell_text

_NAME: Final = re.compile(r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no way to write ("Characters")."""


def write(target: Target, given: Given) -> int:
    """Write an element for each item, and return how many there are. Raises ValueUnwritable."""
    params, rows = target.params, 0
    alone = params.files == "each"
    for name in (params.root, params.element):
        _check(name)
    target.text('<?xml version="1.0" encoding="UTF-8"?>\n' + ("" if alone else f"<{params.root}>\n"))
    for fields, _ in given():
        pieces: list[str] = []
        _element(pieces, params.element, fields)
        target.text("".join(pieces) + "\n")
        rows += 1
    target.text("" if alone else f"</{params.root}>\n")
    return rows


def _element(pieces: list[str], name: str, value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _element(pieces, name, one if not isinstance(one, list) else {"item": one})
        return
    _check(name)
    if not isinstance(value, dict):
        pieces.append(f"<{name}>{_text(value)}</{name}>" if value is not None else f"<{name}/>")
        return
    attributes = value.get("$")
    given = attributes if isinstance(attributes, dict) else {}
    for attribute in given:
        _check(attribute)
    pieces.append(f"<{name}{''.join(f' {key}={quoteattr(_plain(one))}' for key, one in given.items())}>")
    for key, child in value.items():
        if key == "_":
            pieces.append(_text(child))
        elif key != "$" or child is not given:
            _element(pieces, key, child)
    pieces.append(f"</{name}>")


def _text(value: Any) -> str:
    return escape(_plain(value)).replace("\r", "&#13;")


def _plain(value: Any) -> str:
    return _ILLEGAL.sub("\ufffd", cell_text(value))


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueUnwritable(
            f"“{name[:80]}” is no name of an element in XML.",
            "Rename the field: a letter first, then letters, digits, - _ and .",
        )
