"""Conditions on properties, and the order of pages, as rows of forms."""

from typing import Any, Literal

from functions.nodes.apps.notion.fields import IN_DATABASE
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom

Operator = Literal[
    "equals",
    "does_not_equal",
    "contains",
    "does_not_contain",
    "starts_with",
    "ends_with",
    "greater_than",
    "greater_than_or_equal_to",
    "less_than",
    "less_than_or_equal_to",
    "after",
    "on_or_after",
    "before",
    "on_or_before",
    "is_empty",
    "is_not_empty",
]
_OPERATORS = [
    ("equals", "is"),
    ("does_not_equal", "is not"),
    ("contains", "contains"),
    ("does_not_contain", "does not contain"),
    ("starts_with", "starts with"),
    ("ends_with", "ends with"),
    ("greater_than", "is greater than"),
    ("greater_than_or_equal_to", "is at least"),
    ("less_than", "is less than"),
    ("less_than_or_equal_to", "is at most"),
    ("after", "is after"),
    ("on_or_after", "is on or after"),
    ("before", "is before"),
    ("on_or_before", "is on or before"),
    ("is_empty", "is empty"),
    ("is_not_empty", "is not empty"),
]


def _property_field() -> Any:
    return ui(
        ...,
        title="Property",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("properties", needs=IN_DATABASE),
        min_length=1,
        max_length=500,
    )


class Condition(NodeParams):
    """What a property must be like."""

    property: str = _property_field()
    operator: Operator = ui("equals", title="Condition", kind=Kind.SELECT, expression=False, options=_OPERATORS)
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.email }}")


class Sorted(NodeParams):
    """A property that pages are sorted by."""

    property: str = _property_field()
    direction: Literal["ascending", "descending"] = ui(
        "ascending",
        title="Direction",
        kind=Kind.SELECT,
        expression=False,
        options=[("ascending", "Ascending"), ("descending", "Descending")],
    )
