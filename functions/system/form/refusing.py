"""Refusals as pages: visitors are people, and get in their language what callers of webhooks get as a document."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.system.form import pages
from functions.system.form.words import TextId, words_of
from stepweave_data.hooks.forms import MOST_FIELDS, MOST_FILES
from stepweave_data.hooks.looks import Look


class Told(NamedTuple):
    """What a page says of a refusal: title and text, what is filled in there, and whether programs get the detail."""

    title: TextId
    text: TextId
    values: Mapping[str, Any] = {}
    detailed: bool = False


_UNREADABLE: Final = Told("unreadable", "unreadableNow", detailed=True)
"""What no browser sends; who writes a program needs to know more."""
TOLD: Final[Mapping[str, Told]] = {
    "unknown_form": Told("notFound", "noForm"),
    "unknown_visit": Told("notFound", "notOurs"),
    "lost_visit": Told("notFound", "notKnown"),
    "nobody_listens": Told("nobodyListens", "nobodyListensNow", {"button": "Listen for a test entry"}),
    "wrong_method": Told("notPossible", "notPossibleNow"),
    "not_available": Told("notAvailable", "notAvailableNow"),
    "not_taken": Told("notAvailable", "notTakenNow"),
    "too_many_fields": Told("tooMuch", "tooManyFields", {"most": MOST_FIELDS}),
    "too_many_files": Told("tooMuch", "tooManyFiles", {"most": MOST_FILES}),
    "too_large": _UNREADABLE,  # unpacked; what is too large as it came is told by `serving`
    "not_a_form": _UNREADABLE,
    "not_utf8": _UNREADABLE,
    "invalid_form": _UNREADABLE,
    "invalid_json": _UNREADABLE,
    "invalid_body": _UNREADABLE,
    "unsupported_encoding": _UNREADABLE,
    "internal": Told("wentWrong", "ourMistake"),
}
"""By the refusals' codes."""


def refused(answer: Mapping[str, Any], look: Look) -> dict[str, Any]:
    """Return the page for a refusal.

    Args:
        answer: the problem document that it is for programs.
        look: of the form, or the visitor's plain one.
    """
    problem = json.loads(answer["body"])
    told, words = TOLD[problem["code"]], words_of(look["language"])
    own = ("content-type", "content-security-policy")
    headers = {name: value for name, value in answer["headers"].items() if name not in own}
    return pages.message(
        words(told.title),
        words(told.text, **told.values),
        look,
        problem["status"],
        detail=problem["detail"] if told.detailed else "",
        headers=headers,
    )
