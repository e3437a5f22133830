"""Reacts to a message with an emoji; one that is there already is no error."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import Stamped
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Stamped):
    """Which message, and which emoji."""

    name: Text = ui(..., title="Emoji", kind=Kind.TEXT, placeholder="thumbsup", min_length=1, max_length=100)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what Slack answers."""
    from functions.nodes.apps.slack.asking import fine_with

    values = {"channel": params.channel.strip(), "timestamp": params.ts.strip(), "name": params.name.strip(": ")}
    yield fine_with(call, "reactions.add", values, "already_reacted")


OPERATION = Operation(
    resource="reaction",
    name="add",
    label="Add",
    summary="Reacts to a message with an emoji; one that is there already is no error.",
    params=Params,
    run=run,
    output_example=({"ok": True},),
)
