"""Changes a message of the app's."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import Content, Stamped
from stepweave.spec.operations import Call, Operation


class Params(Stamped, Content):
    """The message, and what it says now."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message as it is now."""
    from functions.nodes.apps.slack.asking import ask
    from functions.nodes.apps.slack.content import content_of

    content = {"blocks": [], **content_of(params)}  # blocks that were there go
    yield ask(call, "chat.update", {"channel": params.channel.strip(), "ts": params.ts.strip(), **content})


OPERATION = Operation(
    resource="message",
    name="update",
    label="Update",
    summary="Changes a message of the app's.",
    params=Params,
    run=run,
    output_example=(
        {
            "ok": True,
            "channel": "C024BE91L",
            "ts": "1503435956.000247",
            "message": {"text": "Order 7 failed"},
        },
    ),
)
