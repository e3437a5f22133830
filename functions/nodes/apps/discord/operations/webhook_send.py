"""Posts a message in the channel of a webhook."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.discord.fields import ID, Posted
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Posted):
    """The message."""

    username: Text = ui("", title="Name shown", kind=Kind.TEXT, help="In place of the webhook's.", max_length=80)
    avatar: Text = ui("", title="Picture", kind=Kind.TEXT, help="The URL of one.", group="options", max_length=2000)
    thread: Text = ui("", title="In thread", kind=Kind.TEXT, help="Its id.", group="options", max_length=30, pattern=ID)
    title: Text = ui(
        "",
        title="New post's title",
        kind=Kind.TEXT,
        help="In a forum: begins a post.",
        group="options",
        max_length=100,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages that it makes."""
    from functions.nodes.apps.discord.content import messages_of, send

    shown = {"username": params.username, "avatar_url": params.avatar}
    more = {name: value for name, value in shown.items() if value}
    thread = params.thread.strip()
    for message, files in messages_of(call, params):
        query = [("wait", "true"), ("thread_id", thread)]
        query += [("with_components", "true")] if "components" in message else []
        title = {"thread_name": params.title} if params.title and not thread else {}
        made = send(
            call, RequestSpec("POST", "/webhooks/{credential}", query=tuple(query)), {**message, **more, **title}, files
        )
        thread = thread or (str(made.get("channel_id", "")) if title else "")  # what follows goes below the new post
        yield made


OPERATION = Operation(
    resource="webhook",
    name="send",
    label="Send",
    summary="Posts a message in the channel of a webhook.",
    params=Params,
    run=run,
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
