"""Lists the latest messages of a channel, the newest first."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel):
    """Which messages."""

    most: int = ui(50, title="Limit", kind=Kind.NUMBER, help="At most so many.", ge=1, le=10_000)
    before: Text = ui(
        "",
        title="Before",
        kind=Kind.TEXT,
        help="A message's id.",
        group="options",
        max_length=30,
        pattern=ID,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages, a hundred with one request."""
    left, before = params.most, params.before.strip()
    while left > 0:
        size = min(left, 100)
        query = (("limit", "{size}"), ("before", "{start}"))
        found = call.ask(RequestSpec("GET", "/channels/{channel}/messages", query=query), size=size, start=before)
        yield from found
        if len(found) < size:
            return
        left, before = left - len(found), found[-1]["id"]


OPERATION = Operation(
    resource="message",
    name="list",
    label="List",
    summary="Lists the latest messages of a channel, the newest first.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
