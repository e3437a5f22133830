"""Posts a message in a channel that one person sees, until they reload."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import USERS, Posted
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Posted):
    """The message, and who sees it."""

    user: Text = ui(..., title="Person", kind=Kind.TEXT, options_from=USERS, min_length=1, max_length=100)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what Slack answers."""
    from functions.nodes.apps.slack.asking import ask
    from functions.nodes.apps.slack.content import posted

    yield ask(call, "chat.postEphemeral", {**posted(params), "user": params.user.strip()})


OPERATION = Operation(
    resource="message",
    name="post_ephemeral",
    label="Post for one person",
    summary="Posts a message in a channel that one person sees, until they reload.",
    params=Params,
    run=run,
    output_example=({"ok": True, "message_ts": "1503435956.000247"},),
)
