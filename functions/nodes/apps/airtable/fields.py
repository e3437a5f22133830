"""Parameters that Airtable's operations share."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

IN_TABLE = ("credential", "base", "table")


def base_field() -> Any:
    """Return the field of a base (`Text`)."""
    return ui(
        ...,
        title="Base",
        kind=Kind.TEXT,
        placeholder="appXXXXXXXXXXXXXX",
        help="Its ID, which stands in its address.",
        options_from=OptionsFrom("bases", needs=("credential",), labelled=True),
        min_length=1,
        max_length=100,
    )


def table_field() -> Any:
    """Return the field of a table (`Text`)."""
    return ui(
        ...,
        title="Table",
        kind=Kind.TEXT,
        placeholder="Orders",
        help="Its name or ID.",
        options_from=OptionsFrom("tables", needs=("credential", "base"), labelled=True),
        min_length=1,
        max_length=300,
    )


def view_field() -> Any:
    """Return the field of a view (`Text`)."""
    return ui(
        "",
        title="View",
        kind=Kind.TEXT,
        help="Only its records, in its order; a name or ID. Empty: all of the table.",
        options_from=OptionsFrom("views", needs=IN_TABLE, labelled=True),
        group="options",
        max_length=300,
    )


class InBase(NodeParams):
    """Which base."""

    base: Text = base_field()


class InTable(InBase):
    """Which table."""

    table: Text = table_field()


class Recorded(InTable):
    """Which record."""

    record: Text = ui(
        ..., title="Record ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=100
    )


class Answered(NodeParams):
    """How records come back."""

    by_field_id: bool = ui(
        False,
        title="Name fields by their IDs",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The output's fields are then called fldXXXXXXXXXXXXXX, which outlasts renaming.",
        group="options",
    )


class Cell(NodeParams):
    """A field of the table and its value."""

    name: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("writable", needs=IN_TABLE),
        min_length=1,
        max_length=300,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.name }}")


class Written(Answered, InTable):
    """What is written."""

    cells: list[Cell] = ui(
        ..., title="Fields", kind=Kind.MAPPING, help="An empty value empties the cell.", default_factory=list,
        max_length=500,
    )  # fmt: skip
    fields: dict[str, Any] = ui(
        ...,
        title="Fields as an object",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="{{ $json }} takes the item's fields; a record of Airtable, as it came. Links are lists of record IDs, "
        'attachments [{"url": "https://..."}].',
        default_factory=dict,
        group="options",
    )
    typecast: bool = ui(
        True,
        title="Convert values",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Text becomes what the field takes. Selects get options that they do not have.",
        group="options",
    )
    skip_empty: bool = ui(
        False,
        title="Leave out empty values",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Cells whose value is empty stay as they are.",
        group="options",
    )
