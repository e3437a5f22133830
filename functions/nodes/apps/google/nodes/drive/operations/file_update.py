"""Changes the name or the description of a file or folder, or stars it."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.drive.fields import OfFile
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfFile):
    """Which file, and what changes."""

    name: Text = ui("", title="Name", kind=Kind.TEXT, help="Empty: it stays.", max_length=500)
    description: Text = ui("", title="Description", kind=Kind.MULTILINE, help="Empty: it stays.", max_length=25_000)
    star: Literal["keep", "yes", "no"] = ui(
        "keep",
        title="Starred",
        kind=Kind.SELECT,
        expression=False,
        options=[("keep", "As it is"), ("yes", "Yes"), ("no", "No")],
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the file as it is then."""
    from functions.nodes.apps.google.drive import CHANGE
    from functions.nodes.apps.google.files import file_id

    given = {"name": params.name, "description": params.description}
    metadata: dict[str, Any] = {name: value for name, value in given.items() if value}
    if params.star != "keep":
        metadata["starred"] = params.star == "yes"
    yield call.ask(CHANGE, file=file_id(params.file, "file"), metadata=metadata)


OPERATION = Operation(
    resource="file",
    name="update",
    label="Rename or describe",
    summary="Changes the name or the description of a file or folder, or stars it.",
    params=Params,
    run=run,
    output_example=(
        {
            "id": "1a2b",
            "name": "Report.pdf",
            "mimeType": "application/pdf",
            "webViewLink": "https://drive.google.com/…",
        },
    ),
)
