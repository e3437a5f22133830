"""Gets a file: what GitHub knows of it, and its content of up to 100 MB."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_MOST_MB = 100
_RAW = RequestSpec(
    "GET",
    "/repos/{owner}/{repository}/contents/{path*}",
    query=(("ref", "{branch}"),),
    headers=(("Accept", "application/vnd.github.raw+json"),),
)


class Params(Repository):
    """Which file."""

    path: Text = ui(..., title="Path", kind=Kind.TEXT, placeholder="docs/notes.md", min_length=1, max_length=1000)
    branch: Text = ui("", title="Branch", kind=Kind.TEXT, help="Or a tag or commit; empty is the default branch.")


def run(call: Call, params: Params) -> Iterator[dict[str, Any] | WithFiles]:
    """Give the file's path and size, and the file."""
    name = params.path.rstrip("/").rpartition("/")[2]
    ref = call.download(_RAW, _MOST_MB, name)
    yield WithFiles({"path": params.path, "name": name, "size": ref["size"]}, {"data": ref})


OPERATION = Operation(
    resource="file",
    name="get",
    label="Get",
    summary="Gets a file of up to 100 MB into `binary.data`.",
    params=Params,
    run=run,
    output_example=({"path": "docs/notes.md", "name": "notes.md", "size": 12},),
)
