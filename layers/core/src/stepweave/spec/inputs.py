"""Forms that people fill in before a workflow starts: typed fields, and what is wrong with what was filled in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

FieldType = Literal["text", "number", "boolean", "date", "choice", "json"]
MOST_TEXT: Final = 100_000
"""Characters of one text; a step's payload has room for 180 KB of parameters and items."""
_SHOWN: Final = 5


@dataclass(frozen=True)
class InputField:
    """One field of a form. `options` are those of a choice; `default` is text, read as the field's type."""

    name: str
    type: FieldType = "text"
    label: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True)
class InputProblem:
    """What is wrong with one field, and what to write."""

    field: str
    message: str


def fields_of(params: Mapping[str, Any]) -> list[InputField]:
    """Return the fields that a manual trigger's parameters have; of rows that make no sense nothing."""
    found: dict[str, InputField] = {}
    for row in params.get("fields") or ():
        if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
            continue
        options = tuple(one.strip() for one in str(row.get("options") or "").splitlines() if one.strip())
        found[row["name"]] = InputField(
            row["name"],
            row.get("type", "text"),
            str(row.get("label") or row["name"]),
            bool(row.get("required", False)),
            options,
            str(row.get("default") or ""),
        )
    return list(found.values())


def read_inputs(fields: Sequence[InputField], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[InputProblem]]:
    """Check what was filled in.

    Args:
        fields: the form's.
        given: values by name. None, and a text with nothing in it, are left out.

    Returns:
        The values with defaults in place of what was left out (None where there is no default), and what is wrong.
    """
    values: dict[str, Any] = {}
    problems = []
    known = {field.name for field in fields}
    for name in given:
        if name not in known:
            problems.append(InputProblem(name, f"The form has no field {name!r}. Leave it out."))
    for field in fields:
        value = given.get(field.name)
        if value is None or value == "":
            value = _default(field)
            if value is None:
                if field.required:
                    problems.append(InputProblem(field.name, f"{field.label!r} is missing. Fill it in."))
                values[field.name] = None
                continue
        wrong = _wrong(field, value)
        if wrong:
            problems.append(InputProblem(field.name, f"{field.label!r} {wrong}"))
        values[field.name] = value
    return values, problems


def _default(field: InputField) -> Any:
    text = field.default.strip()
    if not text:
        return None
    match field.type:
        case "number":
            try:
                number = float(text)
            except ValueError:
                return text  # and is told to be no number
            return int(number) if number.is_integer() else number
        case "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "json":
            from stepweave.model.json_text import read

            try:
                return read(text)
            except ValueError:
                return text
    return text


def _wrong(field: InputField, value: Any) -> str:
    match field.type:
        case "number":
            good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            return "" if good else f"is no number: {_short(value)}. Write one such as 12.5."
        case "boolean":
            return "" if isinstance(value, bool) else f"is neither true nor false: {_short(value)}."
        case "date":
            good = isinstance(value, str) and _is_date(value)
            return "" if good else f"is no date: {_short(value)}. Write one such as 2026-12-24."
        case "choice":
            if isinstance(value, str) and value in field.options:
                return ""
            offered = ", ".join(map(repr, field.options[:_SHOWN])) + (", ..." if len(field.options) > _SHOWN else "")
            return f"is none of the choices: {_short(value)}. Choose one of {offered}."
        case "json":
            return ""
    if not isinstance(value, str):
        return f"is no text: {_short(value)}."
    return "" if len(value) <= MOST_TEXT else f"has {len(value)} characters; {MOST_TEXT} are the most."


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
    return True


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str | int | float | bool) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."
