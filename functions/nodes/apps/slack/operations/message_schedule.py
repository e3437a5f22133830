"""Posts a message later, within the next 120 days."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.slack.fields import Posted
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Posted):
    """The message, and when it is posted."""

    at: Text = ui(
        ...,
        title="When",
        kind=Kind.TEXT,
        placeholder="2026-12-24T18:00:00Z",
        help="ISO 8601; without an offset in UTC.",
        min_length=1,
        max_length=100,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give its id, by which it can be taken back."""
    from functions.nodes.apps.slack.asking import ask
    from functions.nodes.apps.slack.content import posted
    from stepweave.model.moments import FORMS, read_moment
    from stepweave.runtime.errors import ParameterInvalid

    moment = read_moment(params.at, "UTC")
    if moment is None:
        field = "params.messageScheduleAt"
        raise ParameterInvalid(f"{params.at[:80]!r} is not a moment.", f"Give {FORMS}.", details={"field": field})
    yield ask(call, "chat.scheduleMessage", {**posted(params), "post_at": int(moment.timestamp())})


OPERATION = Operation(
    resource="message",
    name="schedule",
    label="Schedule",
    summary="Posts a message later, within the next 120 days.",
    params=Params,
    run=run,
    output_example=(
        {
            "ok": True,
            "channel": "C024BE91L",
            "scheduled_message_id": "Q1298393284",
            "post_at": 1767225600,
        },
    ),
)
