"""Answers to an approval's form: each is of its field's type, or the field is named."""

import math
from typing import Any, Final

from api import codes
from api.refusals import Refused

_MOST_TEXT: Final = 10_000


def answers_of(form: list[dict[str, Any]], given: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return the answer to each field of a form; null where none was given.

    Args:
        form: its fields (`name`, `label`, `type`, `required`, `options`).
        given: answers by field name.
        whole: whether required fields must have one.

    Raises:
        Refused: `invalid_form`, naming each field at fault.
    """
    errors = []
    answers: dict[str, Any] = {}
    for field in form:
        value = given.get(field["name"])
        value = None if value == "" else value
        message = _problem(field, value) if value is not None else ""
        if value is None and whole and field["required"]:
            message = "Give an answer."
        if message:
            errors.append({"field": f"form.{field['name']}", "message": message})
        answers[field["name"]] = value
    for name in sorted(given.keys() - answers.keys()):
        errors.append({"field": f"form.{name[:100]}", "message": "The form has no such field."})
    if errors:
        raise Refused(codes.INVALID_FORM, "Some answers are missing or not valid.", errors)
    return answers


def _problem(field: dict[str, Any], value: Any) -> str:
    match field["type"]:
        case "number":
            number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            return "" if number else "Give a number."
        case "boolean":
            return "" if isinstance(value, bool) else "Give true or false."
        case "select":
            return "" if value in field["options"] else f"Choose one of: {', '.join(field['options'])}."
        case _:
            if not isinstance(value, str):
                return "Give text."
            return "" if len(value) <= _MOST_TEXT else f"Give at most {_MOST_TEXT} characters."
