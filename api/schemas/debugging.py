"""Debug runs: breakpoints, stops, and how they end."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.schemas.base import Schema, StoredJson
from api.schemas.expressions import NodeKey, PreviewError

Port = Annotated[str, Field(max_length=64)]


class BreakpointEdge(Schema):
    """An edge, by its ends."""

    source: NodeKey
    """The node that it comes from."""
    source_port: Port = "main"
    """The port there."""
    target: NodeKey
    """The node that it leads to, before which the run stops."""
    target_port: Port = "main"
    """The port there."""


class Breakpoint(Schema):
    """Where a debug run stops: before a node, or before the node that an edge leads to, where items come along it."""

    node_id: NodeKey | None = None
    """The node; null where it is an edge."""
    edge: BreakpointEdge | None = None
    """The edge; null where it is a node."""
    condition: Annotated[str, Field(max_length=2000)] = ""
    """An expression; it stops where this holds for one of the items that come in. Empty: always."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Breakpoint":
        if (self.node_id is None) == (self.edge is None):
            raise ValueError("a breakpoint is on a node or on an edge: give nodeId or edge")
        return self

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return self.model_dump(by_alias=True, exclude_none=True)


class DebugRequest(Schema):
    """That a run of the draft stops, and where."""

    breakpoints: Annotated[list[Breakpoint], Field(max_length=200, default_factory=list)]
    """Where it stops."""
    stepwise: bool = False
    """Whether it stops before the first nodes."""
    on_error: bool = False
    """Whether it stops after a step that failed and whose failure nothing catches."""
    stop_seconds: Annotated[int, Field(ge=60, le=86_400)] = 1800
    """How long a stop waits for somebody; then the run ends."""


class BreakpointsRequest(Schema):
    """Where a debug run stops from now on."""

    breakpoints: Annotated[list[Breakpoint], Field(max_length=200)]
    """Where it stops."""
    on_error: bool | None = None
    """Whether it stops after failures; null leaves that as it is."""


class StopSummary(Schema):
    """A node run that waits."""

    id: uuid.UUID
    """Names the stop in paths."""
    node_id: str
    """The node that waits."""
    iteration: str
    """The round that it is in; empty outside of loops."""
    reason: Literal["node", "edge", "step", "error"]
    """Why: a breakpoint on the node or an edge, a step, or a failure of the node."""
    breakpoint: Breakpoint | None = None
    """The breakpoint; null where it is none."""
    item: int | None = None
    """The item for which its condition holds, from 0; null without one."""
    problem: str | None = None
    """What is wrong with the condition, which is why it stops; null for nothing."""
    error: StoredJson | None = None
    """What failed; null where nothing did."""
    created_at: datetime
    """Since when it waits."""
    expires_at: datetime
    """When the run ends unless somebody goes on."""


class StopsResponse(Schema):
    """A debug run: where it stops, and what waits now."""

    breakpoints: list[Breakpoint]
    """Where it stops."""
    on_error: bool
    """Whether it stops after failures."""
    stop_seconds: int
    """How long a stop waits."""
    stops: list[StopSummary]
    """What waits now, the first one first."""


class StopResponse(StopSummary):
    """A stop with what is about to go into its node."""

    inputs: dict[str, list[Any]]
    """The items that come in, by port."""


class GoOnRequest(Schema):
    """How a node goes on from its stop."""

    action: Literal["step", "run", "skip", "fail"]
    """Run it and stop at the next; run on; pass it over, as if it were disabled; or let a failure be one."""
    items: Annotated[dict[Port, list[Any]], Field(max_length=20)] | None = None
    """Items in place of those that came in, by port; null for those. Together 256 KB at most."""


class EvaluateRequest(Schema):
    """An expression, to be evaluated where a node waits."""

    text: Annotated[str, Field(max_length=20_000)]
    """A text with `{{ ... }}` in it."""
    index: Annotated[int, Field(ge=0, le=10**6)] = 0
    """For which item of the first input."""
    items: Annotated[dict[Port, list[Any]], Field(max_length=20)] | None = None
    """Items in place of those that came in, as they are being edited; null for those."""


class EvaluateResponse(Schema):
    """What an expression gives."""

    value: Any
    """What it gives; null where it fails."""
    error: PreviewError | None
    """Why it gives nothing; null where it gives something."""
    count: int
    """How many items there are."""
