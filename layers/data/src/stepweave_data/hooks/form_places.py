"""Where forms lie among webhooks: a method and paths that no webhook has."""

from typing import Final

METHOD: Final = "FORM"
"""In place of an HTTP method in `webhooks`."""
_BEFORE: Final = "~form/"
"""Webhooks' paths have no `~`, so that neither is ever taken for the other."""


def place_of(path: str) -> str:
    """Return a form's path as `webhooks` has it."""
    return f"{_BEFORE}{path}"


def path_of(place: str) -> str:
    """Return the path of a form from what `webhooks` has."""
    return place.removeprefix(_BEFORE)
