"""Sends several pictures and videos, or several documents, as one album."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.telegram.fields import Format, Sending, format_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text

_MOST = 10


class Entry(NodeParams):
    """One of the album's files."""

    type: Literal["photo", "video", "document", "audio"] = ui(
        "photo",
        title="Kind",
        kind=Kind.SELECT,
        expression=False,
        options=[("photo", "Photo"), ("video", "Video"), ("document", "Document"), ("audio", "Audio")],
    )
    file: Any = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        help="The name of the item's file, {{ $binary.data }}, a URL, or the id of a file at Telegram.",
    )


class Params(Sending):
    """The album."""

    files: list[Entry] = ui(..., title="Files", kind=Kind.COLLECTION, help="From 2 to 10.", max_length=_MOST)
    caption: Text = ui("", title="Caption", kind=Kind.MULTILINE, help="Of the whole album.", max_length=20_000)
    caption_format: Format = format_field()


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages of the album, one for each file."""
    from functions.nodes.apps.telegram.formatting import MOST_CAPTION, fitting, formatted
    from functions.nodes.apps.telegram.sending import ask, media, sending
    from stepweave.runtime.errors import ParameterInvalid

    field = "messageSendAlbumFiles"
    if len(params.files) < 2:
        words = f"An album has from 2 to {_MOST} files."
        raise ParameterInvalid(words, "Send a single one as a photo or document.", details={"field": f"params.{field}"})
    files: dict[str, Any] = {}
    entries: list[dict[str, Any]] = []
    for place, entry in enumerate(params.files):
        known, file = media(call, entry.file, entry.type, "files")
        if file is not None:
            known, files[f"file{place}"] = f"attach://file{place}", file
        entries.append({"type": entry.type, "media": known})
    if params.caption.strip():
        [caption] = fitting(
            formatted(params.caption, params.caption_format, "messageSendAlbumCaption"),
            MOST_CAPTION,
            splits=False,
            field="messageSendAlbumCaption",
        )
        entries[0] |= {"caption": caption.text, "caption_entities": caption.entities()}
    values = {name: value for name, value in sending(params).items() if name != "reply_markup"}
    yield from ask(call, "sendMediaGroup", {**values, "media": entries}, files)


OPERATION = Operation(
    resource="message",
    name="send_album",
    label="Send album",
    summary="Sends from 2 to 10 pictures and videos, or as many documents, as one album; it has no buttons.",
    params=Params,
    run=run,
    output_example=(
        {"message_id": 7, "media_group_id": "1", "chat": {"id": 42}, "photo": [{"file_id": "AgACAgIAAxkB"}]},
    ),
)
