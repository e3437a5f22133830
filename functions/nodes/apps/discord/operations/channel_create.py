"""Makes a channel in a server."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.discord.fields import ID, Server
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Server):
    """The channel."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=100)
    type: Literal["0", "2", "4", "5", "15"] = ui(
        "0",
        title="Kind",
        kind=Kind.SELECT,
        expression=False,
        options=[("0", "Text"), ("2", "Voice"), ("4", "Category"), ("5", "Announcements"), ("15", "Forum")],
    )
    topic: Text = ui("", title="Topic", kind=Kind.TEXT, max_length=1024)
    parent: Text = ui(
        "",
        title="In category",
        kind=Kind.TEXT,
        help="Its id.",
        group="options",
        max_length=30,
        pattern=ID,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the channel."""
    body = {"name": "{name}", "type": "{kind}", "topic": "{topic?}", "parent_id": "{parent?}"}
    yield call.ask(RequestSpec("POST", "/guilds/{server}/channels", body=body), kind=int(params.type))


OPERATION = Operation(
    resource="channel",
    name="create",
    label="Create",
    summary="Makes a channel in a server.",
    params=Params,
    run=run,
    output_example=({"id": "41771983423143937", "name": "builds", "type": 0, "guild_id": "197038439483310086"},),
)
