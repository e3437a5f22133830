"""Pieces that several nodes' parameters share: text that takes any scalar, names of fields, name-value pairs."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from stepweave.model.numbers import scalar_text
from stepweave.spec.fields import Kind, NodeParams, ui


def as_text(value: Any) -> Any:
    """Return a scalar as the text a template would make of it (`true`, `5`, `1e+21`); anything else unchanged.

    A field that is one expression keeps the expression's type, and a number in a text field is no mistake.
    """
    return scalar_text(value) if isinstance(value, bool | int | float) else value


Text = Annotated[str, BeforeValidator(as_text)]
"""A string; numbers and booleans become their text."""


def as_lines(value: Any) -> Any:
    """Return a list of scalars that an expression gives as text, each on a line of its own; else as `as_text`."""
    if not isinstance(value, list) or any(isinstance(one, list | dict) for one in value):
        return as_text(value)
    return "\n".join(" ".join(str(as_text(one)).splitlines()) for one in value if one is not None)


Lines = Annotated[str, BeforeValidator(as_lines)]
"""A string that is read line by line; a list of scalars becomes its lines."""


_COMMA: Final = re.compile(
    r"""((?:[^,\\\["']|\\.|\["(?:[^"\\]|\\.)*"\]|\['(?:[^'\\]|\\.)*'\]|[\["'\\])*)(?:,|$)""", re.DOTALL
)
"""What stands before a comma that neither a backslash nor quotes in brackets make a part of a name."""


def as_names(value: Any) -> Any:
    """Return the names of fields in text, between commas (`id, customer.name`), as a list; anything else unchanged.

    `\\,` is a comma that belongs to a name, and so is one within `["..."]`.
    """
    if not isinstance(value, str):
        return value
    names = (found[1].strip().replace("\\,", ",") for found in _COMMA.finditer(value))
    return [name for name in names if name]


FieldNames = Annotated[list[Text], BeforeValidator(as_names), WithJsonSchema({"type": "string"})]
"""Names of fields: text with commas in between, or a list of them that an expression gives."""


def names_field(title: str, **more: Any) -> Any:
    """Return the field of such names (`FieldNames`); `more` as of `ui`."""
    more = {"placeholder": "id, customer.name", "kind": Kind.TEXT, **more}
    return ui("", title=title, validate_default=True, max_length=500, **more)


def dots_field(**more: Any) -> Any:
    """Return the switch that says whether dots in names go into objects (`bool`); `more` as of `ui`."""
    return ui(
        True,
        title="Dots go into objects",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: a.b is the field that is called a.b.",
        group="options",
        **more,
    )


class NameValue(NodeParams):
    """One row of a key-value field."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, max_length=500)
    value: Text = ui("", title="Value", kind=Kind.TEXT)


def ignore_case_field(**more: Any) -> Any:
    """Return the field that compares text without regard to case (`bool`)."""
    title = "Ignore upper and lower case"
    return ui(False, title=title, kind=Kind.BOOLEAN, expression=False, group="options", **more)


def result_field(default: str) -> Any:
    """Return the field that says where a node writes what it found out (`str`, a path)."""
    return ui(
        default,
        title="Write to field",
        kind=Kind.TEXT,
        expression=False,
        help="a.b goes one level deeper. A field of that name is replaced.",
        min_length=1,
        max_length=500,
    )


def keep_other_fields_field() -> Any:
    """Return the field that says whether the item's other fields stay (`bool`)."""
    return ui(
        True,
        title="Keep the other fields",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: items have only the new field.",
        group="options",
    )


def loose_field(**more: Any) -> Any:
    """Return the field that makes values equal whose types differ (`bool`; `stepweave.model.equality.loosened`)."""
    return ui(
        False,
        title="Compare loosely",
        kind=Kind.BOOLEAN,
        expression=False,
        help='The text "1" is 1, "true" is true, and everything empty is the same.',
        group="options",
        **more,
    )


class FieldPair(NodeParams):
    """A field of one list, and the field of another that must be equal to it."""

    first: Text = ui(..., title="Field of the first", kind=Kind.TEXT, min_length=1, max_length=500, placeholder="id")
    second: Text = ui(
        ..., title="Field of the second", kind=Kind.TEXT, min_length=1, max_length=500, placeholder="order.id"
    )
