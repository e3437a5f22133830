"""Reads what a visitor sent: an answer for each field, or what is to be changed. Nothing that a browser checks counts.

Fields are sent under their places (`f0`, `f1`, ...), so that no name, however it is written, means anything else.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from functions.system.form.values import Problem, answer
from functions.system.form.words import Words
from stepweave.spec.forms import Page
from stepweave_data.hooks.bodies import Content
from stepweave_data.hooks.forms import File

TRAP: Final = "homepage"
"""The field that nobody sees: what fills it in is a program."""
LATER: Final = "~wait"
"""The hidden field of later pages, which names the wait."""
OWN: Final = frozenset(("~token", LATER, TRAP))
"""Fields that every page has besides."""


@dataclass(frozen=True)
class Answers:
    """What was sent.

    Attributes:
        values: of the item, by the fields' names; whole only where there are no problems.
        files: under the names that they have in the item's `binary`.
        given: texts as they came, by the fields' places, to be shown again.
        problems: what is to be changed, by the fields' places.
        lost: what is to be given anew if the page is shown again, as no page can have it filled in; by place, in words.
        strange: what was sent besides and is no answer.
    """

    values: dict[str, Any] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    given: dict[int, list[str]] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether it can be taken."""
        return not self.problems and not self.strange

    @property
    def marked(self) -> dict[int, str]:
        """What to say at the fields, by place, where the page is shown again."""
        return {**self.lost, **self.problems}


def read(page: Page, content: Content, words: Words) -> Answers:
    """Return the answers to a page.

    Args:
        page: that was shown.
        content: of the body that was sent.
        words: what to say to the visitor with.
    """
    sent = _texts(content)
    files: dict[str, list[File]] = {}
    for file in content.files:
        files.setdefault(file.name, []).append(file)
    found = Answers()
    for index, entry in enumerate(page["fields"]):
        place = f"f{index}"
        texts, uploads = sent.pop(place, []), files.pop(place, [])
        if entry["type"] == "info":
            if texts or uploads:
                found.strange.append(place)
            continue
        if entry["type"] not in ("file", "password"):
            found.given[index] = texts
        try:
            found.values[entry["name"]] = answer(entry, texts, uploads)
        except Problem as problem:
            found.problems[index] = problem.said(words)
        if uploads:
            found.lost[index] = words("chooseAgain")
        elif entry["type"] == "password" and any(texts):
            found.lost[index] = words("writeAgain")
        found.files.extend(File(entry["name"], one.content, one.mime_type, one.file_name) for one in uploads)
    found.strange.extend(name for name in (*sent, *files) if name not in OWN)
    return found


def own(content: Content, name: str) -> str:
    """Return the text of a field that every page has; "" where there is none."""
    return _texts(content).get(name, [""])[-1]


def filled_in(content: Content, words: Words) -> str:
    """Return what to say where a program filled in the page, which may be the visitor's own; "" where none did."""
    return words("filledInByProgram") if own(content, TRAP) else ""


def _texts(content: Content) -> dict[str, list[str]]:
    value = content.value if isinstance(content.value, dict) else {}
    return {
        name: [str(one) for one in (given if isinstance(given, list) else [given])] for name, given in value.items()
    }
