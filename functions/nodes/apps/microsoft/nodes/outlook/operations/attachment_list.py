"""Lists the attachments of a message, and gets their files."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.graph import listed
from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operations import Call, Operation, RequestSpec

_LIST = RequestSpec(
    "GET",
    "/{mailbox*}/messages/{message}/attachments",
    query=(("$select", "id,name,contentType,size,isInline"),),
)
_FILE = RequestSpec("GET", "/{mailbox*}/messages/{message}/attachments/{attachment}/$value")
_MOST_MB = 160


class Params(OfMessage):
    """Of which message."""

    with_files: bool = ui(
        True, title="Get the files", kind=Kind.BOOLEAN, expression=False, help="As the item's file data."
    )
    inline: bool = ui(
        False, title="Pictures within the text, too", kind=Kind.BOOLEAN, expression=False, group="options"
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any] | WithFiles]:
    """Give the attachments; a link to a file elsewhere has none."""
    for one in call.pages(_LIST, listed(50), "value"):
        if one.get("isInline") and not params.inline:
            continue
        kind = str(one.get("@odata.type", ""))
        if not params.with_files or kind.endswith("referenceAttachment"):
            yield one
            continue
        name = str(one.get("name") or "file")
        name = f"{name}.eml" if kind.endswith("itemAttachment") and not name.endswith(".eml") else name
        yield WithFiles(one, {"data": call.download(_FILE, _MOST_MB, name, attachment=one["id"])})


OPERATION = Operation(
    resource="attachment",
    name="list",
    label="Get",
    summary="Lists the attachments of a message, one item each, with their files.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkA", "name": "invoice.pdf", "contentType": "application/pdf", "size": 52000},),
)
