"""Gets a file that lies at Slack."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_INFO = RequestSpec("GET", "/files.info", query=(("file", "{id}"),))
_MOST_MB = 1000


class Params(NodeParams):
    """Which file."""

    id: Text = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        placeholder="{{ $json.event.files[0].id }}",
        help="Its id (F…), as the Slack trigger gives it.",
        min_length=1,
        max_length=100,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any] | WithFiles]:
    """Give what Slack says of the file, and the file."""
    from stepweave.runtime.http_errors import ResponseInvalid

    told = call.ask(_INFO)["file"]
    url = told.get("url_private_download") or told.get("url_private")
    if not isinstance(url, str):
        raise ResponseInvalid("Slack gives no address for this file.", "It may lie elsewhere: see external_url of it.")
    ref = call.download(RequestSpec("GET", "{url}"), _MOST_MB, str(told.get("name") or ""), url=url)
    if ref.get("mimeType") == "text/html" and told.get("mimetype") != "text/html":
        raise ResponseInvalid(
            "Slack answered with its log-in page.", "Give the app the scope files:read, and install it again."
        )
    yield WithFiles(told, {"data": ref})


OPERATION = Operation(
    resource="file",
    name="download",
    label="Download",
    summary="Gets a file into `binary.data`; needs the scope files:read.",
    params=Params,
    run=run,
    output_example=({"id": "F123ABC456", "name": "invoice.pdf", "mimetype": "application/pdf", "size": 4096},),
)
