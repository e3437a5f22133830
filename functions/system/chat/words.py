"""The texts of chats that no author writes, in the language of the chat: data in `languages/<tag>.json`."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from stepweave_data.hooks import words as texts

TextId = Literal[
    "write", "send", "stop", "again", "copy", "copied", "attach", "close", "newTalk", "log", "you", "works", "waits",
    "failed", "stopped", "noAnswer", "away", "offline", "stillAnswering", "tooLong", "tooOften", "tooLarge",
    "tooManyFiles", "fileKinds", "emptyFile", "noFiles", "closed", "password", "enter", "wrongPassword", "logIn",
    "membersOnly", "sessionOver", "nothing", "badMessage", "elsewhere", "changed", "suggested", "answerIs", "picture",
    "toEnd",
    "notFound", "noChat", "notPossible", "notPossibleNow", "notAvailable", "notAvailableNow", "wentWrong", "ourMistake",
]  # fmt: skip
"""Which texts there are."""
FOR_PAGES: Final[frozenset[TextId]] = frozenset(
    (
        "notFound",
        "noChat",
        "notPossible",
        "notPossibleNow",
        "notAvailable",
        "notAvailableNow",
        "wentWrong",
        "ourMistake",
    )
)
"""Of pages that stand in a chat's place: its script needs none of them."""
FOLDER: Final = Path(__file__).with_name("languages")


class Words(texts.Words):
    """The texts for chats of one language."""

    def __call__(self, id: TextId, /, **values: Any) -> str:  # type: ignore[override]  # only those that there are
        """Return a text, filled in with values."""
        return super().__call__(id, **values)


@cache
def words_of(language: str) -> Words:
    """Return the texts for a language tag (BCP 47): English where there are none in that language."""
    return Words(FOLDER, language or "en")
