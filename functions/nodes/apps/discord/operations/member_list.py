"""Lists the members of a server; needs the Server Members Intent."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import Server
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec


class Params(Server):
    """Which members."""

    most: int = ui(100, title="Limit", kind=Kind.NUMBER, help="At most so many.", ge=1, le=100_000)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the members, a thousand with one request."""
    left, after = params.most, ""
    while left > 0:
        size = min(left, 1000)
        query = (("limit", "{size}"), ("after", "{start}"))
        found = call.ask(RequestSpec("GET", "/guilds/{server}/members", query=query), size=size, start=after)
        yield from found
        if len(found) < size:
            return
        left, after = left - len(found), found[-1]["user"]["id"]


OPERATION = Operation(
    resource="member",
    name="list",
    label="List",
    summary="Lists the members of a server; needs the Server Members Intent.",
    params=Params,
    run=run,
    output_example=(
        {
            "user": {"id": "80351110224678912", "username": "ada"},
            "nick": None,
            "roles": ["41771983423143936"],
        },
    ),
)
