"""Expressions while they are written."""

import uuid
from typing import Annotated, Any

from pydantic import Field

from api.schemas.base import Schema

NodeKey = Annotated[str, Field(max_length=64)]


class PortRequest(Schema):
    """An output port that leads to the node whose expression it is."""

    node_id: NodeKey
    port: Annotated[str, Field(max_length=64)] = "main"


class PreviewRequest(Schema):
    """An expression, and where its data is from.

    `input` are the ports that lead to the node, in edge order; `names` the nodes before it, name to id; `pinned` the
    outputs of those whose data is pinned, which are taken before those of the execution.
    """

    text: Annotated[str, Field(max_length=20_000)]
    index: Annotated[int, Field(ge=0, le=10**6)] = 0
    execution_id: uuid.UUID | None = None
    input: Annotated[list[PortRequest], Field(max_length=100, default_factory=list)]
    names: Annotated[dict[str, NodeKey], Field(max_length=5000, default_factory=dict)]
    pinned: Annotated[dict[str, dict[str, list[Any]]], Field(max_length=50, default_factory=dict)]
    workflow_id: str = ""
    workflow_name: str = ""
    time_zone: Annotated[str, Field(max_length=64)] = "UTC"


class PreviewError(Schema):
    """Why it gives nothing. `position` is where in `text`, in code points, where known."""

    message: str
    position: int | None


class PreviewResponse(Schema):
    """What it gives: `value` (null where `error` is there), for item `index` of `count`.

    `partial` says that there are more items than were looked at; `cut` that the value was too long and is its beginning
    as text; `missing` names the nodes that have no data yet.
    """

    value: Any
    error: PreviewError | None
    count: int
    partial: bool
    cut: bool
    missing: list[str]
