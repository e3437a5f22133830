"""Gets a file that somebody sent to the bot."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which file."""

    id: Text = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        placeholder="{{ $json.message.document.file_id }}",
        help="The file_id in a message. Photos have several sizes: {{ $json.message.photo.at(-1).file_id }}.",
        min_length=1,
        max_length=300,
    )
    name: Text = ui("", title="Its name", kind=Kind.TEXT, help="Empty is Telegram's.", group="options", max_length=200)


def run(call: Call, params: Params) -> Iterator[dict[str, Any] | WithFiles]:
    """Give what Telegram says of the file, and the file."""
    from functions.nodes.apps.telegram.downloads import MOST_MB, file_name
    from functions.nodes.apps.telegram.sending import ask

    told: dict[str, Any] = ask(call, "getFile", {"file_id": params.id})
    name = params.name or file_name(told)
    request = RequestSpec("GET", "/file/{credential}/{filePath*}")
    yield WithFiles(told, {"data": call.download(request, MOST_MB, name, filePath=told.get("file_path", ""))})


OPERATION = Operation(
    resource="file",
    name="download",
    label="Download",
    summary="Gets a file that was sent to the bot, of at most 20 MB, into `binary.data`.",
    params=Params,
    run=run,
    output_example=({"file_id": "BQACAgIAAxkB", "file_size": 4096, "file_path": "documents/file_7.pdf"},),
)
