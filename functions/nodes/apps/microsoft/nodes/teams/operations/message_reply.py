"""Answers in a channel."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.teams.fields import InChannel, Written
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_SEND = RequestSpec(
    "POST",
    "/teams/{team}/channels/{channel}/messages/{message}/replies",
    body={"body": {"contentType": "{textType}", "content": "{text}"}},
)


class Params(Written, InChannel):
    """The message."""

    message: Text = ui(
        ..., title="Message ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=100
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message. It is sent once: an answer that does not come is no reason to send it again."""
    from functions.nodes.apps.microsoft.once import once

    with once("The message may have been sent", "Teams"):
        yield call.ask(_SEND)


OPERATION = Operation(
    resource="message",
    name="reply",
    label="Reply",
    summary="Answers a message in a channel.",
    params=Params,
    run=run,
    output_example=({"id": "1616", "webUrl": "https://teams.microsoft.com/l/message/1", "body": {"content": "Hi"}},),
)
