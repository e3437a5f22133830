"""Sets fields of items by their paths."""

from typing import Any, Final

from functions.nodes.data.set_fields.spec import Assignment, Params
from stepweave.model.items import Item, item
from stepweave.model.json_text import JsonInvalid, read
from stepweave.model.numbers import data_text, read_number
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.fields import but, needed, only
from stepweave.runtime.placing import shown
from stepweave.spec.fieldpaths import PathError, set_at

_WORDS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the fields set."""
    return step.each(_assigned)


def _assigned(entry: Entry[Params]) -> list[Item]:
    params = entry.params
    fields = _others(entry.json, params)
    if params.mode == "json":
        fields |= _object(params.json_fields)
    else:
        for assignment in params.assignments:
            _set(fields, assignment, params)
    return [item(fields, entry.item.get("binary") if params.keep_files else None)]


def _others(json: dict[str, Any], params: Params) -> dict[str, Any]:
    """Return the fields that an item keeps."""
    if not params.keep_other_fields:
        return {}
    if params.other == "all":
        return dict(json)
    names = needed(params.other_fields, "params.otherFields", "Other fields")
    return (only if params.other == "only" else but)(json, names, "params.otherFields", dots=params.dots)


def _set(fields: dict[str, Any], assignment: Assignment, params: Params) -> None:
    try:
        value = _converted(assignment)
    except ValueMismatch:
        if not params.keep_unconverted:
            raise
        value = assignment.value
    if not params.dots:
        fields[assignment.name] = value
        return
    try:
        set_at(fields, assignment.name, value)
    except PathError as error:
        raise ValueMismatch(
            f"{assignment.name}: {error}.",
            "Change the field's name: a.b goes into an object, a[0] into a list.",
            details={"field": assignment.name},
        ) from None


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = read(value)
        except JsonInvalid as error:
            raise ValueMismatch(
                f"JSON: the text is {error}.",
                "Write an object with text in double quotes, and expressions within the quotes; or JSON.stringify(...) "
                "in an expression outside of them.",
                details={"field": "params.jsonFields"},
            ) from None
    if not isinstance(value, dict):
        raise ValueMismatch(
            f"JSON: {shown(value)} is not an object.",
            "Give an object; a list is for Split out.",
            details={"field": "params.jsonFields"},
        )
    return value


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
        case "list" | "object":
            return _of_type(assignment.name, _json(assignment.name, value), assignment.type)
    return value


def _of_type(name: str, value: Any, type: str) -> Any:
    if isinstance(value, list if type == "list" else dict):
        return value
    raise _mismatch(name, value, "a list" if type == "list" else "an object")


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
        return read(value)
    except JsonInvalid as error:
        raise ValueMismatch(
            f"{name}: the text is {error}.",
            "Write a list or an object, with text in double quotes.",
            details={"field": name},
        ) from None


def _mismatch(name: str, value: Any, wanted: str) -> ValueMismatch:
    return ValueMismatch(
        f"{name}: {shown(value)} is not {wanted}.",
        "Change the value or the type, or let the node go on after errors.",
        details={"field": name},
    )
