"""Changes a message that the webhook posted."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Content
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Content):
    """The message, and what it says now."""

    message: Text = ui(
        ...,
        title="Message",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        min_length=1,
        max_length=30,
        pattern=ID,
    )
    thread: Text = ui("", title="In thread", kind=Kind.TEXT, help="Its id.", group="options", max_length=30, pattern=ID)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message as it is now."""
    from functions.nodes.apps.discord.content import content_of, parts_of, send

    texts = parts_of(params.text, splits=False)
    message = {"content": texts[0] if texts else "", "embeds": [], "components": [], **content_of(params)}
    request = RequestSpec("PATCH", "/webhooks/{credential}/messages/{target}", query=(("thread_id", "{thread}"),))
    yield send(call, request, message, {}, target=params.message.strip())


OPERATION = Operation(
    resource="webhook",
    name="edit",
    label="Edit",
    summary="Changes a message that the webhook posted.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
