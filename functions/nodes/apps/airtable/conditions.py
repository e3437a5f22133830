"""A condition on a field, as a row of the form."""

from typing import Any, Literal

from functions.nodes.apps.airtable.fields import IN_TABLE
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom

Operator = Literal[
    "equal",
    "notEqual",
    "contains",
    "notContains",
    "startsWith",
    "greater",
    "greaterOrEqual",
    "less",
    "lessOrEqual",
    "after",
    "before",
    "empty",
    "notEmpty",
]
_OPERATORS = [
    ("equal", "is"),
    ("notEqual", "is not"),
    ("contains", "contains"),
    ("notContains", "does not contain"),
    ("startsWith", "starts with"),
    ("greater", "is greater than"),
    ("greaterOrEqual", "is at least"),
    ("less", "is less than"),
    ("lessOrEqual", "is at most"),
    ("after", "is after (date)"),
    ("before", "is before (date)"),
    ("empty", "is empty"),
    ("notEmpty", "is not empty"),
]


class Condition(NodeParams):
    """What a field must be like."""

    field: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("fields", needs=IN_TABLE),
        min_length=1,
        max_length=300,
    )
    operator: Operator = ui("equal", title="Condition", kind=Kind.SELECT, expression=False, options=_OPERATORS)
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.email }}")


class Sorted(NodeParams):
    """A field that records are sorted by."""

    field: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("fields", needs=IN_TABLE),
        min_length=1,
        max_length=300,
    )
    direction: Literal["asc", "desc"] = ui(
        "asc",
        title="Direction",
        kind=Kind.SELECT,
        expression=False,
        options=[("asc", "Ascending"), ("desc", "Descending")],
    )
