"""The texts of pages that no author writes, in the language of the form: data in `languages/<tag>.json`."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from stepweave_data.hooks import words as texts

TextId = Literal[
    "submit", "next", "optional", "choose", "noAnswer", "leaveEmpty", "errorTitle", "changeMarked", "goOn",
    "oneMoment", "beingMade", "lookNow", "thanks", "arrived", "wentWrong", "couldNotGoOn", "reference", "closed",
    "closedNow", "tooLarge", "tooLargeNow", "tooOften", "tooOftenNow", "changedMeanwhile", "notTakenNow",
    "sentBefore", "sentBeforeNow", "answered", "answeredNow", "tooLate", "tooLateNow", "ended", "endedNow",
    "timeOverNow", "couldNotEnd",
    "pageBeingMade", "notFound", "noForm", "notOurs", "notKnown", "notAvailable", "notAvailableNow", "notPossible",
    "notPossibleNow", "nobodyListens", "nobodyListensNow", "unreadable", "unreadableNow", "tooMuch", "tooManyFields",
    "tooManyFiles", "ourMistake", "strange", "filledInByProgram", "chooseAgain",
    "writeAgain", "isTest", "itWorks", "shownInEditor", "fillIn", "chooseOne", "oneLine", "controlCharacter",
    "textWanted", "answeredTwice", "tooManyCharacters", "fewestCharacters", "mostCharacters", "notAsAsked",
    "uncheckable", "numberWanted", "wholeNumberWanted", "numberTooLarge", "atLeast", "atMost", "emailWanted",
    "urlWanted", "phoneWanted", "writeAs", "notBefore", "notAfter", "chooseOffered", "chooseAmong", "fewestChoices",
    "mostChoices", "rate", "tickOrLeave", "tickThis", "chooseFile", "oneFileOnly", "thisFile", "emptyFile",
    "largeFile", "fileKinds",
]  # fmt: skip
"""Which texts there are."""
FOLDER: Final = Path(__file__).with_name("languages")


class Words(texts.Words):
    """The texts for pages of one language."""

    def __call__(self, id: TextId, /, **values: Any) -> str:  # type: ignore[override]  # only those that there are
        """Return a text, filled in with values; `count` chooses its plural."""
        return super().__call__(id, **values)


@cache
def words_of(language: str) -> Words:
    """Return the texts for a language tag (BCP 47): English where there are none in that language."""
    return Words(FOLDER, language or "en")
