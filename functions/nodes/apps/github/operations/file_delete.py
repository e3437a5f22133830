"""Deletes a file: GitHub wants to be told which content goes, so this asks for that first."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_PATH = "/repos/{owner}/{repository}/contents/{path*}"
_READ = RequestSpec("GET", _PATH, query=(("ref", "{branch}"),))
_DELETE = RequestSpec("DELETE", _PATH, body={"message": "{message}", "sha": "{sha}", "branch": "{branch?}"})


class Params(Repository):
    """The file."""

    path: Text = ui(..., title="Path", kind=Kind.TEXT, placeholder="docs/notes.md", min_length=1, max_length=1000)
    message: Text = ui(..., title="Commit message", kind=Kind.TEXT, min_length=1, max_length=1000)
    branch: Text = ui("", title="Branch", kind=Kind.TEXT, help="Empty is the default branch.", group="options")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the commit; a file that is gone is no error."""
    there = call.find(_READ)
    if not isinstance(there, dict) or there.get("type", "file") != "file":
        call.log(f"{params.path} is no file there.")
        yield {"content": None, "commit": None}
        return
    yield call.ask(_DELETE, sha=there.get("sha"))


OPERATION = Operation(
    resource="file",
    name="delete",
    label="Delete",
    summary="Deletes a file, as one commit; one that is gone is no error.",
    params=Params,
    run=run,
    output_example=({"content": None, "commit": {"sha": "7638417d"}},),
)
