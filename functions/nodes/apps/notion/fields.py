"""Parameters that Notion's operations share."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

IN_DATABASE = ("credential", "database")


def database_field() -> Any:
    """Return the field of a database, which is a data source of it (`Text`)."""
    return ui(
        ...,
        title="Database",
        kind=Kind.TEXT,
        help="Its ID or address. One with several data sources is chosen by the ID of one.",
        options_from=OptionsFrom("databases", needs=("credential",), searches=True, labelled=True),
        min_length=1,
        max_length=1000,
    )


class InDatabase(NodeParams):
    """Which database."""

    database: Text = database_field()


class OfPage(NodeParams):
    """Which page."""

    page: Text = ui(
        ...,
        title="Page",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="Its ID or address.",
        min_length=1,
        max_length=2000,
    )


class Answered(NodeParams):
    """How pages come back."""

    raw: bool = ui(
        False,
        title="As Notion gives it",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: properties have plain values.",
        group="options",
    )


class Value(NodeParams):
    """A property and its value."""

    name: str = ui(
        ...,
        title="Property",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("writable", needs=IN_DATABASE),
        min_length=1,
        max_length=500,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.name }}")


class Filled(Answered):
    """What a page's properties become."""

    values: list[Value] = ui(
        ...,
        title="Properties",
        kind=Kind.MAPPING,
        help="An empty value empties the property. Several options or IDs: a list, or commas in between.",
        default_factory=list,
        max_length=500,
    )
    properties: dict[str, Any] = ui(
        ...,
        title="Properties as an object",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="{{ $json }} takes the item's fields, which must be called as the properties are.",
        default_factory=dict,
        group="options",
    )
    skip_empty: bool = ui(
        False,
        title="Leave out empty values",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Properties whose value is empty stay as they are.",
        group="options",
    )


def content_field() -> Any:
    """Return the field of content (`Text`)."""
    return ui(
        "",
        title="Content",
        kind=Kind.MULTILINE,
        help="Markdown: headings, lists, tasks, tables, code, quotes, images by address.",
        max_length=500_000,
    )


class Content(NodeParams):
    """What a page has in it."""

    content: Text = content_field()
