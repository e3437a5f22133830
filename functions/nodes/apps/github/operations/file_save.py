"""Saves a file: GitHub wants to be told which content a new one replaces, so this asks for that first."""

import base64
from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_MOST_BYTES = 30 * 1024 * 1024
_PATH = "/repos/{owner}/{repository}/contents/{path*}"
_READ = RequestSpec("GET", _PATH, query=(("ref", "{branch}"),))
_WRITE = RequestSpec(
    "PUT",
    _PATH,
    body={"message": "{message}", "content": "{content}", "branch": "{branch?}", "sha": "{sha?}"},
)


class Params(Repository):
    """The file."""

    path: Text = ui(..., title="Path", kind=Kind.TEXT, placeholder="docs/notes.md", min_length=1, max_length=1000)
    text: Text = ui("", title="Text", kind=Kind.MULTILINE)
    message: Text = ui(..., title="Commit message", kind=Kind.TEXT, min_length=1, max_length=1000)
    branch: Text = ui("", title="Branch", kind=Kind.TEXT, help="Empty is the default branch.", group="options")
    file: Any = ui(
        None,
        title="File",
        kind=Kind.TEXT,
        placeholder="data",
        help="The name of the item's file, or {{ $binary.data }}: saved in place of the text.",
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the commit; a file that has this text already is not written again."""
    from stepweave.runtime.errors import DataTooLarge

    raw = params.text.encode()
    if params.file:
        file = call.file("file")
        if file.size > _MOST_BYTES:
            words = f"The file has {file.size / 1024**2:.0f} MB; {_MOST_BYTES // 1024**2} are taken."
            raise DataTooLarge(words, "Save a smaller one.", details={"field": "params.fileSaveFile"})
        raw = b"".join(file.chunks())
    content = base64.b64encode(raw).decode()
    there = call.find(_READ) or {}
    if "".join(str(there.get("content", "-")).split()) == content:
        call.log(f"{params.path} has this text already.")
        yield {"content": there, "commit": None}
        return
    yield call.ask(_WRITE, content=content, sha=there.get("sha"))


OPERATION = Operation(
    resource="file",
    name="save",
    label="Save",
    summary="Creates a file or changes its text, as one commit.",
    params=Params,
    run=run,
    output_example=({"content": {"path": "docs/notes.md", "sha": "3d21ec53"}, "commit": {"sha": "7638417d"}},),
)
