"""Sends a message in a channel or a thread."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Channel, Posted
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel, Posted):
    """The message."""

    reply_to: Text = ui(
        "",
        title="Reply to message",
        kind=Kind.TEXT,
        help="A message's id.",
        group="options",
        max_length=30,
        pattern=ID,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages that it makes."""
    from functions.nodes.apps.discord.content import messages_of, nonce, send

    request = RequestSpec("POST", "/channels/{channel}/messages")
    for place, (message, files) in enumerate(messages_of(call, params)):
        mark = {"nonce": nonce(call, place), "enforce_nonce": True}
        reply = {"message_reference": {"message_id": params.reply_to.strip()}} if params.reply_to and not place else {}
        yield send(call, request, {**message, **mark, **reply}, files)


OPERATION = Operation(
    resource="message",
    name="send",
    label="Send",
    summary="Sends a message in a channel or a thread.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
