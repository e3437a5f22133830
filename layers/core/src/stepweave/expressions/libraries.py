"""What the engine is given when JavaScript asks for it: libraries, and secret random bytes."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Final

LIBRARIES: Final = {
    "luxon": "vendor/luxon.min.js",
    "jmespath": "vendor/jmespath.js",
    "intl": "intl.js",
    "collation": "collation.js",
    "url": "url.js",
    "bytes": "bytes.js",
    "web": "web.js",
    "crypto": "crypto.js",
    "hashes": "vendor/hashes.min.js",
    "lodash": "vendor/lodash.min.js",
}
"""Files by the name under which the prelude asks for them (`library:url`)."""
_MAKERS: Final = {
    "luxon": ("(() => { ", "; return luxon; })"),
    "hashes": ("(() => { ", "; return hashes; })"),
    # It looks for an older `_` and for Buffer: here these are getters, which ask for libraries.
    "lodash": (
        "(() => { const exports = {}, module = { exports }; "
        "const global = Object.create(globalThis, { _: { value: undefined }, Buffer: { value: undefined } }); ",
        "\n return module.exports; })",
    ),
    "jmespath": ("(() => { const exports = {}; ", "\n return exports; })"),
}
"""What makes functions of those that are scripts."""
TABLES: Final = {"collation": "collation.txt"}
"""Data that a library asks for (`table:collation`)."""
_FOLDER: Final = Path(__file__).parent
_FIRST_BYTES: Final = 1024
_GROWTH: Final = 8
_LARGEST: Final = 512 * 1024
"""Each piece is larger than the one before, for asking for one runs the code again."""


@cache
def source_of(name: str) -> str:
    """Return the source of one of our JavaScript files."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def library(name: str) -> str:
    """Return the source of a function that makes a library, by its short name."""
    opens, closes = _MAKERS.get(name, ("", ""))
    return f"{opens}{source_of(LIBRARIES[name])}{closes}"


def table(name: str) -> str:
    """Return a library's data."""
    text: str = json.loads(source_of(TABLES[name]))
    return text


def random_hex(piece: int) -> str:
    """Return the nth piece of a step's random bytes, as hexadecimal digits (`web.js`)."""
    return os.urandom(min(_FIRST_BYTES * _GROWTH**piece, _LARGEST)).hex()
