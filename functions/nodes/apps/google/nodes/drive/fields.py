"""Parameters that the operations of Google Drive share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

Convert = Literal["none", "document", "spreadsheet", "presentation"]


def folder_field(title: str = "Folder", **more: Any) -> Any:
    """Return the field of a folder (`Text`): its address or ID; `more` as of `ui`."""
    more = {"help": "Its address or ID; empty: My Drive.", **more}
    return ui(
        more.pop("default", ""),
        title=title,
        kind=Kind.TEXT,
        placeholder="https://drive.google.com/drive/folders/…",
        options_from=OptionsFrom("folders", needs=("credential",), labelled=True),
        max_length=500,
        **more,
    )


def convert_field() -> Any:
    """Return the field that says what a file becomes (`Convert`)."""
    return ui(
        "none",
        title="Convert to",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("none", "Nothing: keep it as it is"),
            ("document", "Google Docs"),
            ("spreadsheet", "Google Sheets"),
            ("presentation", "Google Slides"),
        ],
        group="options",
    )


class OfFile(NodeParams):
    """Which file."""

    file: Text = ui(
        ...,
        title="File or folder",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="Its address or ID.",
        options_from=OptionsFrom("files", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )
