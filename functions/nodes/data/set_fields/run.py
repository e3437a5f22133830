"""Sets fields of items by their paths."""

import json
from typing import Any, Final

from functions.nodes.data.set_fields.spec import Assignment, Params
from stepweave.model.items import Item, item
from stepweave.model.numbers import data_text, read_number
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ValueMismatch
from stepweave.spec.fieldpaths import PathError, set_at

_WORDS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the fields set."""
    return step.each(_assigned)


def _assigned(entry: Entry[Params]) -> list[Item]:
    fields: dict[str, Any] = dict(entry.json) if entry.params.keep_other_fields else {}
    for assignment in entry.params.assignments:
        value = _converted(assignment)
        try:
            set_at(fields, assignment.name, value)
        except PathError as error:
            raise ValueMismatch(
                f"{assignment.name}: {error}.",
                "Change the field's name: a.b goes into an object, a[0] into a list.",
                details={"field": assignment.name},
            ) from None
    return [item(fields, entry.item.get("binary"))]


def _converted(assignment: Assignment) -> Any:
    value = assignment.value
    match assignment.type:
        case "text":
            return data_text(value)
        case "number":
            return _number(assignment.name, value)
        case "boolean":
            return _boolean(assignment.name, value)
        case "json":
            return _json(assignment.name, value)
    return value


def _number(name: str, value: Any) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    number = read_number(value) if isinstance(value, str) else None
    if number is not None:
        return number
    raise _mismatch(name, value, "a number")


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    raise _mismatch(name, value, "true or false")


def _json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueMismatch(
            f"{name}: the text is not JSON ({error}).",
            "Write a list or an object, with text in double quotes.",
            details={"field": name},
        ) from None


def _mismatch(name: str, value: Any, wanted: str) -> ValueMismatch:
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) <= 80 else shown[:80] + "…"
    return ValueMismatch(
        f"{name}: {shown} is not {wanted}.",
        "Change the value or the type, or let the node go on after errors.",
        details={"field": name},
    )
