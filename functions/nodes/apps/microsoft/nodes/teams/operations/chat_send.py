"""Writes into a chat."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.teams.fields import InChat, Written
from stepweave.spec.operations import Call, Operation, RequestSpec

_SEND = RequestSpec("POST", "/chats/{chat}/messages", body={"body": {"contentType": "{textType}", "content": "{text}"}})


class Params(Written, InChat):
    """The message."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message. It is sent once: an answer that does not come is no reason to send it again."""
    from functions.nodes.apps.microsoft.once import once

    with once("The message may have been sent", "Teams"):
        yield call.ask(_SEND)


OPERATION = Operation(
    resource="chat",
    name="send",
    label="Send a message",
    summary="Writes a message into a chat.",
    params=Params,
    run=run,
    output_example=({"id": "1616", "webUrl": "https://teams.microsoft.com/l/message/1", "body": {"content": "Hi"}},),
)
