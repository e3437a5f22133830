"""The texts of pages that no author writes, in the language of the form: data in `languages/<tag>.json`.

A text is there once, or by plural category (`one`, `other`) of its `count` where the language has a form for one.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from stepweave.spec.forms.languages import LANGUAGES

Texts = dict[str, str | dict[str, str]]
TextId = Literal[
    "submit", "next", "optional", "choose", "noAnswer", "leaveEmpty", "errorTitle", "changeMarked", "goOn",
    "oneMoment", "beingMade", "lookNow", "thanks", "arrived", "wentWrong", "couldNotGoOn", "reference", "closed",
    "closedNow", "tooLarge", "tooLargeNow", "tooOften", "tooOftenNow", "changedMeanwhile", "notTakenNow",
    "sentBefore", "sentBeforeNow", "tooLate", "tooLateNow", "strange", "filledInByProgram", "chooseAgain",
    "writeAgain", "isTest", "itWorks", "shownInEditor", "fillIn", "chooseOne", "oneLine", "controlCharacter",
    "textWanted", "answeredTwice", "tooManyCharacters", "fewestCharacters", "mostCharacters", "notAsAsked",
    "uncheckable", "numberWanted", "wholeNumberWanted", "numberTooLarge", "atLeast", "atMost", "emailWanted",
    "urlWanted", "phoneWanted", "writeAs", "notBefore", "notAfter", "chooseOffered", "chooseAmong", "fewestChoices",
    "mostChoices", "rate", "tickOrLeave", "tickThis", "chooseFile", "oneFileOnly", "thisFile", "emptyFile",
    "largeFile", "fileKinds",
]  # fmt: skip
"""Which texts there are."""
FOLDER: Final = Path(__file__).with_name("languages")
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
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction: Literal["rtl", "ltr"] = "rtl" if _LEFTWARDS.match(language) else "ltr"
        name = language.partition("-")[0].lower()
        # Azerbaijani in Arabic letters, or Arabic in Latin ones, is not what those texts are written in.
        known = name if name in LANGUAGES and (name == "ar") == (self.direction == "rtl") else "en"
        self._texts = _read(known)
        self._foreign = known != "ar" and self.direction == "rtl"

    def __call__(self, id: TextId, /, **values: Any) -> str:
        """Return a text, filled in with values; `count` chooses its plural."""
        text = self._texts[id]
        if isinstance(text, dict):
            text = text["one" if values["count"] == 1 else "other"]
        if self.direction == "rtl":
            # "2026-01-31" and "+49 30" would run backwards, and a name's brackets the wrong way.
            values = {name: f"{_APART}{value}{_END}" for name, value in values.items()}
        made = text.format(**values)
        return f"{_FROM_LEFT}{made}{_END}" if self._foreign else made


@cache
def words_of(language: str) -> Words:
    """Return the texts for a language tag (BCP 47): English where there are none in that language."""
    return Words(language or "en")


@cache
def _read(name: str) -> Texts:
    found: Texts = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
