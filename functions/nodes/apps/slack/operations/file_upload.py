"""Uploads a file: Slack gives a place for it, takes it there, and shows it in a channel when that is done."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import CHANNELS
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_PLACE = RequestSpec(
    "GET",
    "/files.getUploadURLExternal",
    query=(("filename", "{fileName}"), ("length", "{length}"), ("alt_txt", "{alt}")),
)


class Params(NodeParams):
    """The file, and where it is shown."""

    file: Any = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        placeholder="data",
        help="The name of the item's file (data), or an expression that gives it: {{ $binary.data }}.",
    )
    channel: Text = ui(
        "",
        title="Channel",
        kind=Kind.TEXT,
        help="Its id or #name, or a person's id. Empty: the file is shown nowhere yet.",
        options_from=CHANNELS,
        max_length=100,
    )
    comment: Text = ui("", title="Message", kind=Kind.MULTILINE, help="In Slack's mrkdwn.", max_length=20_000)
    title: Text = ui(
        "",
        title="Title",
        kind=Kind.TEXT,
        help="Empty is the file's name.",
        group="options",
        max_length=255,
    )
    alt: Text = ui(
        "",
        title="Description",
        kind=Kind.TEXT,
        help="For who cannot see the picture.",
        group="options",
        max_length=1000,
    )
    thread: Text = ui(
        "",
        title="In the thread of",
        kind=Kind.TEXT,
        help="A message's ts.",
        group="options",
        max_length=30,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the file as Slack knows it."""
    from functions.nodes.apps.slack.asking import ask, channel_id
    from functions.nodes.apps.slack.mrkdwn import mended
    from stepweave.runtime.errors import ParameterInvalid

    file = call.file("file")
    if file.size == 0:
        field = "params.fileUploadFile"
        raise ParameterInvalid("The file is empty.", "Slack takes none such.", details={"field": field})
    channel = channel_id(call, params.channel) if params.channel.strip() else None
    name = file.name or "file"
    place = call.ask(_PLACE, fileName=name, length=file.size)
    call.transfer(place["upload_url"], "file")
    values = {
        "files": [{"id": place["file_id"], "title": params.title or name}],
        "channel_id": channel,
        "initial_comment": mended(params.comment) or None if channel else None,
        "thread_ts": params.thread.strip() or None if channel else None,
    }
    yield from ask(call, "files.completeUploadExternal", values)["files"]


OPERATION = Operation(
    resource="file",
    name="upload",
    label="Upload",
    summary="Uploads a file, and shows it in a channel; needs the scope files:write.",
    params=Params,
    run=run,
    output_example=({"id": "F123ABC456", "title": "invoice.pdf", "mimetype": "application/pdf"},),
)
