"""Expressions while they are written."""

import uuid
from typing import Annotated, Any

from pydantic import Field

from api.schemas.base import Schema

NodeKey = Annotated[str, Field(max_length=64)]


class PortRequest(Schema):
    """An output port that leads to the node whose expression it is."""

    node_id: NodeKey
    """The node that the port is of."""
    port: Annotated[str, Field(max_length=64)] = "main"
    """The port's name."""


class PreviewRequest(Schema):
    """An expression, and where its data is from.

    `input` are the ports that lead to the node, in edge order; `names` the nodes before it, name to id; `pinned` the
    outputs of those whose data is pinned, which are taken before those of the execution.
    """

    text: Annotated[str, Field(max_length=20_000)]
    """A field's text with `{{ ... }}` in it."""
    index: Annotated[int, Field(ge=0, le=10**6)] = 0
    """For which item of the input."""
    execution_id: uuid.UUID | None = None
    """The execution whose data is taken; null for pinned data alone."""
    input: Annotated[list[PortRequest], Field(max_length=100, default_factory=list)]
    """The ports that lead to the node."""
    names: Annotated[dict[str, NodeKey], Field(max_length=5000, default_factory=dict)]
    """The nodes before it: name to id."""
    pinned: Annotated[dict[str, dict[str, list[Any]]], Field(max_length=50, default_factory=dict)]
    """Outputs that are pinned: node id to port to items."""
    workflow_id: str = ""
    """What `$workflow.id` is."""
    workflow_name: str = ""
    """What `$workflow.name` is."""
    time_zone: Annotated[str, Field(max_length=64)] = "UTC"
    """Which zone `$now` and `$today` are in."""


class PreviewError(Schema):
    """Why it gives nothing. `position` is where in `text`, in code points, where known."""

    message: str
    """What is wrong, for people."""
    position: int | None
    """Where in `text`, in code points; null where that is not known."""


class PreviewResponse(Schema):
    """What it gives: `value` (null where `error` is there), for item `index` of `count`.

    `partial` says that there are more items than were looked at; `cut` that the value was too long and is its beginning
    as text; `missing` names the nodes that have no data yet.
    """

    value: Any
    """What the expression gives; null where it fails."""
    error: PreviewError | None
    """Why it gives nothing; null where it gives something."""
    count: int
    """How many items the input has."""
    partial: bool
    """Whether there are more items than were looked at."""
    cut: bool
    """Whether `value` is only the beginning of what it gives, as text."""
    missing: list[str]
    """Names of nodes that have no data yet."""
