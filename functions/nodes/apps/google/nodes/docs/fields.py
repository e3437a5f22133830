"""Parameters that the operations of Google Docs share."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import NameValue, Text


def document_field(title: str) -> Any:
    """Return the field of a document (`Text`): its address or ID."""
    return ui(
        ...,
        title=title,
        kind=Kind.TEXT,
        placeholder="https://docs.google.com/document/d/…",
        help="Its address or ID.",
        options_from=OptionsFrom("documents", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )


def folder_field() -> Any:
    """Return the field of a folder (`Text`): its address or ID."""
    return ui(
        "",
        title="Folder",
        kind=Kind.TEXT,
        help="Its address or ID; empty: My Drive.",
        options_from=OptionsFrom("folders", needs=("credential",), labelled=True),
        max_length=500,
    )


class OfDocument(NodeParams):
    """Which document."""

    document: Text = document_field("Document")


class Replaced(NodeParams):
    """What stands in the place of what."""

    replace: list[NameValue] = ui(
        ...,
        title="Replace",
        kind=Kind.KEY_VALUE,
        help="A text of the document, such as [customer], and what stands in its place.",
        min_length=1,
        max_length=200,
    )
    match_case: bool = ui(
        True, title="Upper and lower case count", kind=Kind.BOOLEAN, expression=False, group="options"
    )
