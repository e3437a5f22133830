"""Alerts, the rules that open them, whom they tell, and the status page."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from api.schemas.base import Schema
from stepweave_data.alerting.rules import MOST_PEOPLE, MOST_TARGETS

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")
]
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=8, max_length=2000, pattern=r"^https?://[^\s]+$")
]
Secret = Annotated[str, StringConstraints(min_length=16, max_length=200, pattern=r"^[\x21-\x7e]+$")]
TargetId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,20}$")]
Minutes = Annotated[int, Field(ge=1, le=1440)]


class FailureCondition(Schema):
    """Any execution that fails or runs out of time."""

    kind: Literal["failure"]
    """A failure."""


class FailuresCondition(Schema):
    """Failures of a workflow within some time."""

    kind: Literal["failures"]
    """Several failures."""
    count: Annotated[int, Field(ge=1, le=10_000)]
    """How many."""
    minutes: Minutes
    """Within how many minutes, a day's at most."""


class FailureRateCondition(Schema):
    """The share of a workflow's executions that failed within some time."""

    kind: Literal["failure_rate"]
    """The failure rate."""
    percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    """From how many percent on."""
    minutes: Minutes
    """Within how many minutes, a day's at most."""
    at_least: Annotated[int, Field(ge=1, le=100_000)] = 5
    """How many executions there must have been: one of two that failed says little."""


class DurationCondition(Schema):
    """An execution that takes, or has been running for, longer than it should."""

    kind: Literal["duration"]
    """The duration."""
    seconds: Annotated[int, Field(ge=1, le=31_536_000)]
    """How long one may take, waiting included."""


class NoSuccessCondition(Schema):
    """A workflow that is switched on and has not succeeded for some time."""

    kind: Literal["no_success"]
    """No success."""
    minutes: Annotated[int, Field(ge=5, le=44_640)]
    """For how many minutes, 31 days' at most."""


class BudgetCondition(Schema):
    """What is spent of a month's budget: the workspace's for a rule over all, else each workflow's own."""

    kind: Literal["budget"]
    """The budget."""
    percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    """From how many percent on."""


class CredentialCondition(Schema):
    """A credential that ends soon, has ended, or must be connected again."""

    kind: Literal["credential"]
    """A credential's end."""
    days: Annotated[int, Field(ge=1, le=365)]
    """How many days before."""


Condition = Annotated[
    FailureCondition
    | FailuresCondition
    | FailureRateCondition
    | DurationCondition
    | NoSuccessCondition
    | BudgetCondition
    | CredentialCondition,
    Field(discriminator="kind"),
]


class MailTarget(Schema):
    """People who get a mail: members of the workspace, at the address that they log in with."""

    kind: Literal["mail"]
    """Mail."""
    id: TargetId | None = None
    """The target, where the rule has it already."""
    user_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MOST_PEOPLE)]
    """Who."""


class SlackTarget(Schema):
    """A channel of Slack, by an incoming webhook's address, which is a secret."""

    kind: Literal["slack"]
    """Slack."""
    id: TargetId | None = None
    """The target, where the rule has it already."""
    url: Url | None = None
    """The incoming webhook; without it the one that the target has."""


class WebhookTarget(Schema):
    """A server that is sent JSON, signed with a secret."""

    kind: Literal["webhook"]
    """A webhook."""
    id: TargetId | None = None
    """The target, where the rule has it already."""
    url: Url | None = None
    """Where to; without it the address that the target has."""
    secret: Secret | None = None
    """What bodies are signed with (HMAC-SHA256); without it the one that the target has."""


class WorkflowTarget(Schema):
    """A workflow that begins with “Called by a workflow”, started with what is told as its item."""

    kind: Literal["workflow"]
    """A workflow."""
    id: TargetId | None = None
    """The target, where the rule has it already."""
    workflow_id: uuid.UUID
    """Which."""


Target = Annotated[MailTarget | SlackTarget | WebhookTarget | WorkflowTarget, Field(discriminator="kind")]


class RuleRequest(Schema):
    """A rule: what is watched, and who is told."""

    name: Name
    """What people call it; unique in its place, whatever the case."""
    condition: Condition
    """When an alert opens."""
    project_id: uuid.UUID | None = None
    """Watch the workflows of this project; without it and `workflowId` all of the workspace's."""
    workflow_id: uuid.UUID | None = None
    """Watch this workflow."""
    by_fault: bool = False
    """Whether each fault of a workflow has an alert of its own; only for failures."""
    enabled: bool = True
    """Whether it looks. Switched off, its alerts are resolved."""
    throttle_minutes: Annotated[int, Field(ge=0, le=10_080)] = 30
    """What opens again within so many minutes after it was resolved is said then, not at once."""
    remind_minutes: Annotated[int, Field(ge=0, le=43_200)] = 0
    """Every how many minutes what is open, and acknowledged by nobody, is said again; 0 for never."""
    targets: Annotated[list[Target], Field(max_length=MOST_TARGETS)]
    """Who is told. Without any the alert is seen in the app."""

    @model_validator(mode="after")
    def _is_one_place(self) -> "RuleRequest":
        if self.project_id and self.workflow_id:
            raise ValueError("name a project or a workflow, not both")
        if self.condition.kind == "credential" and self.workflow_id:
            raise ValueError("credentials are watched in a project, or in the workspace")
        return self


class TargetResponse(Schema):
    """Whom a rule tells. Addresses and secrets are not told again."""

    id: str
    """The target, within its rule."""
    kind: Literal["mail", "slack", "webhook", "workflow"]
    """How."""
    label: str
    """Who, for people: names, a host, a workflow."""
    user_ids: list[uuid.UUID]
    """Of mail: the members."""
    workflow_id: uuid.UUID | None
    """Of a workflow: which."""
    failing_since: datetime | None
    """Since when it is not reached; null while it is."""
    error: str | None
    """What it said last; null while it is reached."""
    waiting: int
    """How many messages wait for it."""


class RuleResponse(Schema):
    """A rule."""

    id: uuid.UUID
    """Names the rule in paths."""
    name: str
    """What people call it."""
    condition: Condition
    """When an alert opens."""
    project_id: uuid.UUID | None
    """The project whose workflows it watches."""
    workflow_id: uuid.UUID | None
    """The workflow that it watches."""
    place: str
    """The name of that project or workflow; "" for all of the workspace's."""
    by_fault: bool
    """Whether each fault has an alert of its own."""
    enabled: bool
    """Whether it looks."""
    throttle_minutes: int
    """For how long what opens again is not said."""
    remind_minutes: int
    """Every how many minutes what is open is said again."""
    targets: list[TargetResponse]
    """Who is told."""
    open: int
    """How many of its alerts are not resolved."""
    created_at: datetime
    """When it was made."""


class RulesResponse(Schema):
    """Rules that the caller sees."""

    items: list[RuleResponse]
    """The rules, by name."""
    most: int
    """How many a workspace may have."""


class AlertResponse(Schema):
    """Something that a rule found."""

    id: uuid.UUID
    """Names the alert in paths."""
    rule_id: uuid.UUID | None
    """The rule; null where it was deleted."""
    rule_name: str
    """What the rule was called last."""
    kind: str
    """The kind of the rule's condition."""
    summary: str
    """What is the case, in one line."""
    state: Literal["open", "acknowledged", "resolved"]
    """Open; taken on by somebody, so that nobody is reminded; or over."""
    workflow_id: uuid.UUID | None
    """The workflow that it is about."""
    workflow_name: str | None
    """What that is called now."""
    credential_id: uuid.UUID | None
    """The credential that it is about."""
    facts: dict[str, Any]
    """What is known: of a failure `type`, `message`, `nodeId` and `executionId`."""
    seen: int
    """How many executions it is about."""
    times: int
    """How often it opened."""
    opened_at: datetime
    """When it opened first."""
    last_at: datetime
    """When it was seen last."""
    acknowledged_at: datetime | None
    """When somebody took it on."""
    acknowledged_by: str | None
    """Who."""
    resolved_at: datetime | None
    """When it was over."""
    resolved_by: str | None
    """Who resolved it; null where nobody had to."""
    resolution: Literal["recovered", "person", "rule", "deleted"] | None
    """Why it is over: it is well again, a person said so, the rule or the workflow is gone."""


class AlertsResponse(Schema):
    """A page of alerts, those that opened last first."""

    items: list[AlertResponse]
    """The alerts of this page."""
    next_cursor: str | None
    """What `cursor` takes for the next page; null on the last one."""
    open: int
    """How many are open, of all that the caller sees."""


class DeliveryResponse(Schema):
    """What was said, is to be said, or could not be."""

    id: uuid.UUID
    """The message. Webhooks get it as `id`, and in a header."""
    target: str
    """Whom, for people."""
    kind: str
    """How."""
    subject: str
    """What, in a line."""
    test: bool
    """Whether it was a test."""
    state: Literal["waiting", "sent", "failed"]
    """Whether it is said; `failed` after a day of tries."""
    tries: int
    """How often it was tried."""
    error: str | None
    """Why it could not be said."""
    created_at: datetime
    """When there was something to say."""
    next_at: datetime | None
    """When it is tried next; null where it is over."""
    ended_at: datetime | None
    """When it was said, or given up."""


class DeliveriesResponse(Schema):
    """What a rule said last."""

    items: list[DeliveryResponse]
    """The messages, the last first."""


class WorkflowHealthResponse(Schema):
    """How a workflow is, in production."""

    workflow_id: uuid.UUID
    """The workflow."""
    name: str
    """What it is called."""
    state: Literal["well", "trouble", "off", "unknown"]
    """Well; in trouble: an alert is open, or it failed last; switched off or not published; or it never ran."""
    open_alerts: int
    """How many alerts about it are not resolved."""
    last_success_at: datetime | None
    """When it last succeeded; null for never."""
    last_failure_at: datetime | None
    """When it last failed; null for never."""


class StatusResponse(Schema):
    """How the workflows are that the caller sees."""

    items: list[WorkflowHealthResponse]
    """The workflows, those in trouble first."""
    trouble: int
    """How many are in trouble."""


class StatusItem(Schema):
    """A workflow on the status page, under a name that was chosen for it."""

    workflow_id: uuid.UUID
    """The workflow."""
    label: Name
    """What who has the link reads."""


class StatusPageRequest(Schema):
    """What the status page shows."""

    title: Name
    """Its heading."""
    items: Annotated[list[StatusItem], Field(max_length=100)]
    """The workflows, in their order."""


class StatusPageResponse(StatusPageRequest):
    """What the status page shows, and whether there is a link to it."""

    shared: bool
    """Whether who has the link sees it."""


class StatusLinkResponse(Schema):
    """A link to the status page. It is told once: only its hash is kept."""

    url: str
    """Where it is, for whoever has it."""


class PublicItem(Schema):
    """Something on a status page."""

    label: str
    """What it is called there."""
    state: Literal["well", "trouble", "off", "unknown"]
    """How it is."""
    last_success_at: datetime | None
    """When it last succeeded; null for never."""


class PublicStatusResponse(Schema):
    """A status page, for whoever has its link."""

    title: str
    """Its heading."""
    at: datetime
    """When this was so."""
    items: list[PublicItem]
    """What is on it."""
