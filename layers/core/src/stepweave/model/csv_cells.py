"""Cells of CSV: which delimiter a text has, and texts that spreadsheets would run as formulas. Pure.

Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break as a formula (OWASP, CSV injection).
Such texts are written with an apostrophe before them, texts that have apostrophes before such a letter with one more;
reading takes one away, so that what was written is read as what it was.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
DELIMITERS: Final[Mapping[Delimiter, str]] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
BOM: Final = "\ufeff"
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that a spreadsheet would run, full-width signs among them, or one that was made harmless."""
_SAMPLE: Final = 64 * 1024


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """Return what `harmless` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def delimiter_of(text: str) -> str:
    """Return the delimiter that the first line has most of outside of quotes; a comma where it has none."""
    counts = dict.fromkeys(DELIMITERS.values(), 0)
    quoted = False
    for letter in text[:_SAMPLE]:
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "\r\n" and any(counts.values()):
            break
        elif not quoted and letter in counts:
            counts[letter] += 1
    return max(counts, key=lambda one: counts[one])
