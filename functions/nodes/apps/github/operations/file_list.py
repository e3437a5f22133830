"""Lists the files and folders in a folder."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """Which folder."""

    path: Text = ui(..., title="Folder", kind=Kind.TEXT, placeholder="docs", min_length=1, max_length=1000)
    branch: Text = ui("", title="Branch", kind=Kind.TEXT, help="Empty is the default branch.", group="options")


OPERATION = Operation(
    resource="file",
    name="list",
    label="List",
    summary="Lists the files and folders in a folder.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/contents/{path*}", query=(("ref", "{branch}"),)),
    output_example=({"name": "notes.md", "path": "docs/notes.md", "type": "file", "size": 12},),
)
