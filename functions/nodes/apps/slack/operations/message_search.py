"""Searches messages; only a person's token (xoxp-…) may, with the scope search:read."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What is searched for."""

    query: Text = ui(
        ...,
        title="Search for",
        kind=Kind.TEXT,
        placeholder="in:#orders failed",
        min_length=1,
        max_length=500,
    )
    sort: Literal["timestamp", "score"] = ui(
        "timestamp",
        title="First",
        kind=Kind.SELECT,
        expression=False,
        options=[("timestamp", "The newest"), ("score", "What fits best")],
    )
    count: int = ui(20, title="Limit", kind=Kind.NUMBER, help="At most so many, of the first page.", ge=1, le=100)


OPERATION = Operation(
    resource="message",
    name="search",
    label="Search",
    summary="Searches messages; only a person's token (xoxp-…) may, with the scope search:read.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/search.messages",
        query=(("query", "{query}"), ("sort", "{sort}"), ("count", "{count}")),
    ),
    items="messages.matches",
    output_example=(
        {
            "type": "message",
            "text": "Order 7 failed",
            "permalink": "https://acme.slack.com/archives/C024BE91L/p1503435956000247",
        },
    ),
)
