"""Sends a direct message to a member of a server that the bot is in."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Posted
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Posted):
    """The message, and to whom."""

    user: Text = ui(..., title="Person", kind=Kind.TEXT, help="The id.", min_length=1, max_length=30, pattern=ID)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages that it makes."""
    from functions.nodes.apps.discord.content import messages_of, nonce, send

    body = {"recipient_id": "{user}"}
    channel = call.ask(RequestSpec("POST", "/users/@me/channels", body=body), user=params.user.strip())["id"]
    request = RequestSpec("POST", f"/channels/{channel}/messages")
    for place, (message, files) in enumerate(messages_of(call, params)):
        yield send(call, request, {**message, "nonce": nonce(call, place), "enforce_nonce": True}, files)


OPERATION = Operation(
    resource="message",
    name="send_direct",
    label="Send to a person",
    summary="Sends a direct message to a member of a server that the bot is in.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
