"""Puts a file into a cell."""

import base64
from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.airtable.fields import IN_TABLE, Recorded
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

MOST_BYTES: Final = 5 * 1024 * 1024
CONTENT: Final = "https://content.airtable.com/v0"
_UPLOAD = RequestSpec(
    "POST",
    "/{base}/{record}/{cell}/uploadAttachment",
    body={"contentType": "{mimeType}", "filename": "{fileName}", "file": "{content}"},
)


class Params(Recorded):
    """The file, and the cell that it comes into."""

    cell: Text = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        help="One for attachments; the file comes beside those that are there.",
        options_from=OptionsFrom("attachments", needs=IN_TABLE),
        min_length=1,
        max_length=300,
    )
    file: Any = ui("data", title="File", kind=Kind.TEXT, help="The name of one of the item's files, or a reference.")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the record as it is then."""
    from stepweave.runtime.errors import ParameterInvalid

    file = call.file("file")
    if file.size > MOST_BYTES:
        raise ParameterInvalid(
            f"The file has {file.size} bytes; Airtable takes {MOST_BYTES} this way.",
            'Store it where it has an address, and write [{"url": "https://..."}] to the field.',
            details={"field": "params.attachmentAddFile"},
        )
    content = base64.b64encode(b"".join(file.chunks())).decode()
    yield call.at(CONTENT).ask(
        _UPLOAD, mimeType=file.mime_type or "application/octet-stream", fileName=file.name or "file", content=content
    )


OPERATION = Operation(
    resource="attachment",
    name="add",
    label="Add",
    summary="Puts a file of at most 5 MB into a cell of a record.",
    params=Params,
    run=run,
    output_example=({"id": "rec1", "fields": {"fld1": [{"id": "att1", "filename": "invoice.pdf"}]}},),
)
