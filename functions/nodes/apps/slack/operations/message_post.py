"""Posts a message in a channel, a thread or a talk with a person."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import Posted
from stepweave.spec.operations import Call, Operation


class Params(Posted):
    """The message."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what Slack made of it: `channel` and `ts`."""
    from functions.nodes.apps.slack.asking import ask
    from functions.nodes.apps.slack.content import posted

    yield ask(call, "chat.postMessage", posted(params))


OPERATION = Operation(
    resource="message",
    name="post",
    label="Post",
    summary="Posts a message in a channel, a thread or a talk with a person.",
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
