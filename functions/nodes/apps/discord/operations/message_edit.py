"""Changes a message of the bot's."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import Content, Numbered
from stepweave.spec.operations import Call, Operation, RequestSpec


class Params(Numbered, Content):
    """The message, and what it says now."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message as it is now."""
    from functions.nodes.apps.discord.content import content_of, parts_of, send

    texts = parts_of(params.text, splits=False)
    message = {"content": texts[0] if texts else "", "embeds": [], "components": [], **content_of(params)}
    yield send(
        call, RequestSpec("PATCH", "/channels/{channel}/messages/{target}"), message, {}, target=params.message.strip()
    )


OPERATION = Operation(
    resource="message",
    name="edit",
    label="Edit",
    summary="Changes a message of the bot's.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
