"""Begins a thread, below a message or by itself."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel):
    """The thread."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=100)
    message: Text = ui(
        "",
        title="Below message",
        kind=Kind.TEXT,
        help="Its id; empty for none.",
        max_length=30,
        pattern=ID,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the thread, which is a channel."""
    below = params.message.strip()
    path = f"/channels/{{channel}}/messages/{below}/threads" if below else "/channels/{channel}/threads"
    kind = {} if below else {"type": 11}  # a public thread
    yield call.ask(RequestSpec("POST", path, body={"name": "{name}", **kind}))


OPERATION = Operation(
    resource="thread",
    name="create",
    label="Create",
    summary="Begins a thread, below a message or by itself.",
    params=Params,
    run=run,
    output_example=({"id": "41771983423143938", "name": "Build 7", "parent_id": "41771983423143937"},),
)
