"""Workflows, versions, diagnostics."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic takes the standard one from Python 3.12 on only

from api.permissions import Permission
from api.schemas.base import Schema, StoredJson
from api.schemas.debugging import DebugRequest
from api.schemas.spending import CostSummary
from api.schemas.variables import EnvironmentKey
from stepweave.model.items import Json


class DiagnosticResponse(Schema):
    """What is wrong, where, and what to change."""

    code: str
    """Which finding it is (docs/reference/diagnostics.md)."""
    severity: Literal["error", "warning"]
    """Whether it keeps the workflow from being published."""
    message: str
    """What is wrong, for people."""
    remedy: str
    """What to change."""
    node_id: str | None = None
    """The node at fault; null for the workflow as a whole."""
    edge_id: str | None = None
    """The edge at fault; null where none is."""
    field: str | None = None
    """The field at fault, as `params.url`; null where none is."""
    position: int | None = None
    """Where in the field's text, in code points; null where that is not known."""


class DiagnosticsResponse(Schema):
    """What a check found."""

    diagnostics: list[DiagnosticResponse]
    """The findings; empty for a workflow that can be published."""


class WebhookResponse(Schema):
    """A published webhook, or the page of a published form."""

    node_id: str
    """The trigger node."""
    method: str
    """The HTTP method that it answers; `FORM` for a form."""
    path: str
    """Its path, behind the workspace's slug."""
    url: str
    """Where to call it."""


class RegistrationResponse(Schema):
    """A trigger with code: one at its provider, or one that polls."""

    id: uuid.UUID
    """Names it."""
    node_id: str
    """The trigger node."""
    type: str
    """Its type."""
    status: str
    """`active`; `leaving`: to be taken away at the provider; `failed`: to be taken away there by a person."""
    url: str | None
    """Where the provider calls it; null for one that polls."""
    created_at: datetime
    """When it was made."""
    last_received_at: datetime | None
    """When the provider called it last; null for never."""
    last_polled_at: datetime | None
    """When what it polls was answered last; null for never, and for one that does not poll."""
    last_error: StoredJson | None
    """What went wrong last: `type`, `message`, and a `remedy` where there is one; null where nothing did."""


class LastExecution(Schema):
    """The latest execution of a workflow."""

    id: uuid.UUID
    """Names the execution in paths."""
    status: str
    """As in an execution."""
    started_at: datetime
    """When it began."""
    ended_at: datetime | None
    """When it ended; null until then."""


class LiveElsewhere(Schema):
    """A version that is live in an environment besides production."""

    environment: str
    """The environment's key."""
    version: int
    """The version."""
    enabled: bool
    """Whether it is switched on there."""


class WorkflowSummary(Schema):
    """A workflow in a list."""

    id: uuid.UUID
    """Names the workflow in paths."""
    name: str
    """What it is called."""
    revision: int
    """Counts the draft's saves."""
    published_version: int | None
    """The version that is live in production; null for none."""
    enabled: bool
    """Whether what is live is started by webhooks, schedules and other workflows."""
    elsewhere: list[LiveElsewhere]
    """What is live in other environments, in their order."""
    created_at: datetime
    """When it was made."""
    updated_at: datetime
    """When its draft was saved last."""
    triggers: list[str]
    """The types of its trigger nodes."""
    node_count: int
    """How many nodes it has."""
    folder_id: uuid.UUID | None
    """The folder that it is in; null for none."""
    project_id: uuid.UUID
    """The project that it belongs to."""
    tag_ids: list[uuid.UUID]
    """Its tags."""
    last_execution: LastExecution | None
    """Its latest execution; null for none."""
    month_cost: CostSummary | None
    """What it spent on language models this month (UTC); null for nothing."""


class WorkflowResponse(Schema):
    """A workflow with its draft."""

    id: uuid.UUID
    """Names the workflow in paths."""
    name: str
    """What it is called."""
    document: dict[str, Any]
    """The draft (docs/reference/contracts.md)."""
    revision: int
    """Counts the draft's saves; what the next save is made from."""
    published_version: int | None
    """The version that is live; null for a draft."""
    enabled: bool
    """Whether what is live is started by webhooks, schedules and other workflows."""
    created_at: datetime
    """When it was made."""
    updated_at: datetime
    """When its draft was saved last."""
    project_id: uuid.UUID
    """The project that it belongs to."""
    permissions: list[Permission]
    """What the caller may do with it."""
    webhooks: list[WebhookResponse]
    """The webhooks of what is live."""
    content_origin: str
    """Where its webhooks, forms and chats are served: `<content origin>/hooks/<workspace>/<path>`."""
    registrations: list[RegistrationResponse]
    """Its triggers at providers: of what is live, and what is yet to be taken away there."""
    diagnostics: list[DiagnosticResponse]
    """What is wrong with the draft."""


class SaveRequest(Schema):
    """A draft, and the revision it was made from."""

    document: dict[str, Any]
    """The new draft."""
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The revision that it was made from."""


VersionName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")
]
VersionNote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]


class PublishRequest(Schema):
    """What to say about a version."""

    name: VersionName = ""
    """What people call it, in one line; empty for nothing."""
    note: VersionNote = ""
    """What to say about the version."""


class VersionChange(Schema):
    """What is said of a version from now on. What is left out stays."""

    name: VersionName | None = None
    """What people call it, in one line; empty for nothing."""
    note: VersionNote | None = None
    """What to say about it; empty for nothing."""


class VersionResponse(Schema):
    """A published version, and the name of who made it where they are still a member."""

    number: int
    """Names the version in paths; counts from 1."""
    name: str
    """What people call it; empty for nothing."""
    note: str
    """What was said about it."""
    created_at: datetime
    """When it was published."""
    created_by: uuid.UUID | None
    """The user who published it; null where they are gone."""
    author: str | None = None
    """Their name; null where they are gone."""


class VersionDocumentResponse(VersionResponse):
    """A published version with its document."""

    document: dict[str, Any]
    """The document that was published."""


class VersionsResponse(Schema):
    """All versions, the latest first."""

    items: list[VersionResponse]
    """The versions."""


class Binary(TypedDict):
    """Binary data, by reference: `stepweave.model.items.BinaryRef`."""

    bucket: Annotated[str, Field(description="The bucket that it is in.")]
    key: Annotated[str, Field(description="Its key there.")]
    size: Annotated[int, Field(description="How many bytes it has.")]
    sha256: Annotated[str, Field(description="Their digest, in hexadecimal.")]
    mimeType: Annotated[str, Field(description="What it is.")]
    fileName: NotRequired[Annotated[str, Field(description="What it is called, where that is known.")]]


class Item(TypedDict):
    """One item: its JSON object and, where it has any, its binary data by name."""

    json: Annotated[dict[str, Json], Field(description="Its data.")]
    binary: NotRequired[Annotated[dict[str, Binary], Field(description="Its binary data, by name.")]]


class RunRequest(Schema):
    """What to run: the draft or the published version, from which trigger, with which items, and which part of it.

    Without `items` it starts with those of `fromExecutionId`, else with what the trigger gives of itself (a
    manual one: *Start with*; others an empty item of theirs). With `pinned`, nodes of a draft
    that have pinned data give that instead of running. `startNodeId` runs that node and what follows, everything else
    gives what it gave in `fromExecutionId`; `untilNodeId` runs it and what leads to it; `onlyNodeId` runs it alone.
    """

    mode: Literal["draft", "live"] = "draft"
    """The draft, or the published version."""
    trigger_node_id: str | None = None
    """The trigger to start at; without it the one that fired in `fromExecutionId`, else the manual one, else the
    first."""
    items: Annotated[list[Item], Field(min_length=1, max_length=1000)] | None = None
    """What it starts with."""
    pinned: bool = True
    """Whether pinned data of a draft's nodes is taken."""
    from_execution_id: uuid.UUID | None = None
    """An earlier execution whose data is taken."""
    start_node_id: str | None = None
    """Run this node and what follows."""
    until_node_id: str | None = None
    """Run this node and what leads to it."""
    only_node_id: str | None = None
    """Run this node alone."""
    environment: EnvironmentKey | None = None
    """Where it runs, by the environment's key: a draft in the first one, a published version where that of
    `fromExecutionId` ran, or in production."""
    debug: DebugRequest | None = None
    """That it stops on its way; of the draft only. Null for a run that goes through."""


class RunResponse(Schema):
    """A started execution."""

    execution_id: uuid.UUID
    """Names the execution in paths."""
