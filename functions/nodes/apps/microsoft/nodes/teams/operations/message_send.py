"""Writes into a channel."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.teams.fields import InChannel, Written
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_SEND = RequestSpec(
    "POST",
    "/teams/{team}/channels/{channel}/messages",
    body={"body": {"contentType": "{textType}", "content": "{text}"}, "subject": "{subject?}"},
)


class Params(Written, InChannel):
    """The message."""

    subject: Text = ui("", title="Subject", kind=Kind.TEXT, group="options", max_length=500)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message. It is sent once: an answer that does not come is no reason to send it again."""
    from functions.nodes.apps.microsoft.once import once

    with once("The message may have been sent", "Teams"):
        yield call.ask(_SEND)


OPERATION = Operation(
    resource="message",
    name="send",
    label="Send",
    summary="Writes a message into a channel.",
    params=Params,
    run=run,
    output_example=({"id": "1616", "webUrl": "https://teams.microsoft.com/l/message/1", "body": {"content": "Hi"}},),
)
