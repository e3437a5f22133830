"""The texts of pages that no author writes, in the language of the page: data in a folder, `<tag>.json`.

A text is there once, or by plural category (`one`, `other`) of its `count` where the language has a form for one.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from stepweave.spec.forms.languages import LANGUAGES

Texts = dict[str, str | dict[str, str]]
_LEFTWARDS: Final = re.compile(
    r"(ar|arc|ckb|dv|fa|he|iw|khw|ks|nqo|pnb|ps|sd|syr|ug|ur|yi)(?!-latn|-cyrl)(-|$)|[a-z]+-(arab|hebr|nkoo|syrc|thaa)(-|$)",
    re.IGNORECASE,
)
"""Languages that are written from right to left (CLDR, "characters" of their layouts)."""
_APART, _FROM_LEFT, _END = "\u2068", "\u2066", "\u2069"
"""What keeps a part of a text out of the order of the rest (Unicode Bidirectional Algorithm, "isolates")."""


class Words:
    """The texts for pages of one language.

    Attributes:
        language: the tag that the page has (`lang`).
        direction: `rtl` or `ltr` (`dir`).
        texts: all of them, as they were written.
    """

    def __init__(self, folder: Path, language: str) -> None:
        """Read the texts in a folder for a language tag (BCP 47): English where there are none in that language."""
        self.language = language
        self.direction: Literal["rtl", "ltr"] = _direction(language)
        known = texts_for(language) or "en"
        self.texts = _read(folder / f"{known}.json")
        self._foreign = known != "ar" and self.direction == "rtl"

    def __call__(self, id: str, /, **values: Any) -> str:
        """Return a text, filled in with values; `count` chooses its plural."""
        text = self.texts[id]
        if isinstance(text, dict):
            text = text["one" if values["count"] == 1 else "other"]
        if self.direction == "rtl":
            # "2026-01-31" and "+49 30" would run backwards, and a name's brackets the wrong way.
            values = {name: f"{_APART}{value}{_END}" for name, value in values.items()}
        made = text.format(**values)
        return f"{_FROM_LEFT}{made}{_END}" if self._foreign else made


def texts_for(language: str) -> str:
    """Return which of our texts are in the language of a tag (BCP 47), by their tag; "" where there are none."""
    name = language.partition("-")[0].lower()
    # Azerbaijani in Arabic letters, or Arabic in Latin ones, is not what those texts are written in.
    return name if name in LANGUAGES and (name == "ar") == (_direction(language) == "rtl") else ""


def _direction(language: str) -> Literal["rtl", "ltr"]:
    return "rtl" if _LEFTWARDS.match(language) else "ltr"


@cache
def _read(path: Path) -> Texts:
    found: Texts = json.loads(path.read_text(encoding="utf-8"))
    return found
