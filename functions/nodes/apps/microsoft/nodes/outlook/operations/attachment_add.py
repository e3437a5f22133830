"""Attaches a file to a draft."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(OfMessage):
    """The file, and the draft."""

    file: Any = ui("data", title="File", kind=Kind.TEXT, help="The name of one of the item's files, or a reference.")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what was attached."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import attach

    file = call.file("file")
    attach(call, params.message, file)
    yield {"id": params.message, "name": file.name or "file", "size": file.size}


OPERATION = Operation(
    resource="attachment",
    name="add",
    label="Add",
    summary="Attaches a file to a draft; large ones are sent piece by piece.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk3", "name": "invoice.pdf", "size": 52000},),
)
