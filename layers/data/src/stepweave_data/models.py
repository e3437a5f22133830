"""The tables as SQLAlchemy models, column for column what the migrations make.

Longer than other files: all tables stand here, in the order in which they refer to each other.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Numeric, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TIMESTAMP

Written = Annotated[dict[str, Any], mapped_column(JSON(none_as_null=True))]
"""JSON that comes back as it was written, its keys in their order: `json`."""


class Base(DeclarativeBase):
    """The base of all models: text is `text`, times are `timestamptz`, JSON is `jsonb` unless it is `Written`."""

    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own attribute
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        Decimal: Numeric(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
    }


class Tenant(Base):
    """A tenant: a person or an organisation whose data nobody else sees. `slug` is unique."""

    __tablename__ = "tenants"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    name: Mapped[str]
    slug: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Base):
    """A person who can log in; `email` is unique, in lower case. The application role cannot read `password_hash`."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]


class Membership(Base):
    """A user's role in a tenant: `owner`, `admin`, `editor` or `viewer`."""

    __tablename__ = "memberships"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str]


class RefreshToken(Base):
    """A refresh token, by its hash, which is unique. Tokens made from one another are a family."""

    __tablename__ = "refresh_tokens"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    family_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Folder(Base):
    """A folder of workflows; folders nest. Names are unique in a folder, whatever their case."""

    __tablename__ = "folders"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("folders.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Tag(Base):
    """What workflows are marked with; names are unique, whatever their case. `color` names one of the app's colours."""

    __tablename__ = "tags"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    color: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WorkflowTag(Base):
    """A tag on a workflow."""

    __tablename__ = "workflow_tags"
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id"), primary_key=True)
    tenant_id: Mapped[UUID]


class Workflow(Base):
    """A workflow and its draft, `document`. Postgres reads `node_types` and `node_count` off the document."""

    __tablename__ = "workflows"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    document: Mapped[Written]
    revision: Mapped[int] = mapped_column(server_default="1")
    published_version: Mapped[int | None]
    enabled: Mapped[bool] = mapped_column(server_default="true")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    folder_id: Mapped[UUID | None] = mapped_column(ForeignKey("folders.id"))
    node_types: Mapped[list[str]] = mapped_column(Computed("document_node_types(document)", persisted=True))
    node_count: Mapped[int] = mapped_column(Computed("json_array_length(document -> 'nodes')", persisted=True))


class WorkflowVersion(Base):
    """A published state of a workflow, never changed; (workflow_id, number) is unique."""

    __tablename__ = "workflow_versions"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    number: Mapped[int]
    document: Mapped[Written]
    compiled_hash: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CompiledMachine(Base):
    """A compiled workflow that is a state-machine version on AWS."""

    __tablename__ = "compiled_machines"
    workflow_id: Mapped[UUID] = mapped_column(primary_key=True)
    compiled_hash: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    machine_type: Mapped[str]
    state_machine_arn: Mapped[str]
    version_arn: Mapped[str]
    definition: Mapped[dict[str, Any]]
    states: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Execution(Base):
    """A run of a workflow, written by whoever starts it and by the recorder. `document` is what ran, of a draft."""

    __tablename__ = "executions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    workflow_version: Mapped[int | None]
    mode: Mapped[str]
    trigger: Mapped[str]
    status: Mapped[str]
    machine_type: Mapped[str]
    execution_arn: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any] | None]
    response: Mapped[Written | None]
    document: Mapped[Written | None]
    last_seq: Mapped[int] = mapped_column(server_default="0")
    created_by: Mapped[UUID | None]
    parent_execution_id: Mapped[UUID | None]
    parent_node_id: Mapped[str | None]
    parent_iteration: Mapped[str | None]
    lane: Mapped[str | None]
    """The trigger node whose executions run one at a time, where it says so."""


class ExecutionEvent(Base):
    """One event of an execution, numbered from 1; (execution_id, id) is unique."""

    __tablename__ = "execution_events"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    id: Mapped[str]
    type: Mapped[str]
    node_id: Mapped[str | None]
    at: Mapped[datetime]
    data: Mapped[Written]


class NodeRun(Base):
    """The latest attempt of a node in an execution, by its iteration where it is in a loop."""

    __tablename__ = "node_runs"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    iteration: Mapped[str] = mapped_column(primary_key=True, server_default="")
    tenant_id: Mapped[UUID]
    attempt: Mapped[int]
    status: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    duration_ms: Mapped[float | None]
    input: Mapped[Written | None]
    output: Mapped[Written | None]
    error: Mapped[dict[str, Any] | None]


class NodeUsage(Base):
    """What a node run used, over its attempts: a row for each kind, and each model, currency or unit (`name`)."""

    __tablename__ = "node_usage"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    iteration: Mapped[str] = mapped_column(primary_key=True, server_default="")
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, server_default="")
    tenant_id: Mapped[UUID]
    amount: Mapped[Decimal]


class Wait(Base):
    """A step that waits for its task token. `kind`: `callback`, `approval`, `workflow`, `form`; `state`: `open`,
    `resolved`, `expired`, `cancelled`. (execution_id, node_id, iteration, attempt) is unique."""

    __tablename__ = "waits"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"))
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    iteration: Mapped[str] = mapped_column(server_default="")
    attempt: Mapped[int] = mapped_column(server_default="1")
    kind: Mapped[str]
    token: Mapped[str]
    details: Mapped[Written] = mapped_column(server_default="{}")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="open")
    outcome: Mapped[str | None]
    resolved_at: Mapped[datetime | None]


class ApprovalDecision(Base):
    """What a person said about an approval: `approve` or `reject`."""

    __tablename__ = "approval_decisions"
    wait_id: Mapped[UUID] = mapped_column(ForeignKey("waits.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    email: Mapped[str]
    decision: Mapped[str]
    comment: Mapped[str] = mapped_column(server_default="")
    form: Mapped[Written] = mapped_column(server_default="{}")
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ExecutionTurn(Base):
    """An execution that waits for its turn, with the request that starts it (`stepweave_data.turns`)."""

    __tablename__ = "execution_turns"
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    request: Mapped[Written]
    taken_at: Mapped[datetime | None]


class Webhook(Base):
    """A published webhook; (tenant_id, method, shape) is unique. `target` is what the webhook function needs.

    `shape` is the path without the names of its parameters (`stepweave_data.hooks.paths`).
    """

    __tablename__ = "webhooks"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    method: Mapped[str]
    path: Mapped[str]
    shape: Mapped[str] = mapped_column(Computed("regexp_replace(path, ':[^/]+', ':', 'g')"))
    target: Mapped[dict[str, Any]]


class Schedule(Base):
    """A published schedule; `names` are its EventBridge schedules. `expression` may have several lines.

    `settled_at`: due times up to then were dealt with. `missed` and `skipped` count due times that started nothing.
    """

    __tablename__ = "schedules"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    node_id: Mapped[str]
    expression: Mapped[str]
    time_zone: Mapped[str]
    names: Mapped[list[str]]
    enabled: Mapped[bool] = mapped_column(server_default="true")
    target: Mapped[dict[str, Any]]
    overlap: Mapped[str] = mapped_column(server_default="allow")
    catch_up: Mapped[str] = mapped_column(server_default="skip")
    settled_at: Mapped[datetime] = mapped_column(server_default=func.now())
    missed: Mapped[int] = mapped_column(server_default="0")
    skipped: Mapped[int] = mapped_column(server_default="0")
    last_skip: Mapped[str | None]
    last_skipped_at: Mapped[datetime | None]


class TriggerSwitch(Base):
    """A trigger that is switched off by itself, of a kind that keeps no `enabled` of its own; publishing leaves it."""

    __tablename__ = "trigger_switches"
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    switched_off_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Registration(Base):
    """A trigger with code, at its provider. `status`: `joining`, which becomes `active` or is taken away again;
    `leaving`, to be taken away at the provider; `failed`, which a person must take away there. Of a workflow's node one
    is active, besides tests.

    `address` is unguessable and unique. What `activate` gave is sealed as a credential is. `expression` to
    `retry_at` are of those that poll, `test_until` of one that listens once.
    """

    __tablename__ = "registrations"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    type: Mapped[str]
    version: Mapped[int]
    params: Mapped[dict[str, Any]]
    address: Mapped[str]
    status: Mapped[str]
    target: Mapped[dict[str, Any] | None]
    """What it starts, as `starting.Target` has it; None before it is active."""
    wrapped_key: Mapped[bytes | None]
    nonce: Mapped[bytes | None]
    ciphertext: Mapped[bytes | None]
    leave_after: Mapped[datetime | None]
    """When the provider is asked to forget it, where it is `leaving`, or is `joining` still."""
    tries: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[dict[str, Any] | None]
    last_received_at: Mapped[datetime | None]
    expression: Mapped[str | None]
    time_zone: Mapped[str | None]
    names: Mapped[list[str]] = mapped_column(server_default="{}")
    """Its EventBridge schedules."""
    enabled: Mapped[bool] = mapped_column(server_default="true")
    cursor: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    """How far it was polled, as the node's `poll` said."""
    pending: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """What a poll found and has not started yet."""
    number: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How many polls found something."""
    last_polled_at: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    """Who polls it now."""
    claimed_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    """How many polls failed in a row."""
    retry_at: Mapped[datetime | None]
    """Before when it is not polled, where it failed."""
    test_until: Mapped[datetime | None]
    test_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Credential(Base):
    """A secret, encrypted with a data key that KMS wraps; names are unique.

    `connection`: `unneeded`; for one that a person connects (OAuth2) `missing`, `connected`, or `lost`: to be connected
    again.
    """

    __tablename__ = "credentials"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    type: Mapped[str]
    hint: Mapped[str]
    wrapped_key: Mapped[bytes]
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    connection: Mapped[str] = mapped_column(server_default="unneeded")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Audit(Base):
    """Who did what to what."""

    __tablename__ = "audit"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreEntry(Base):
    """A value by key. Past `expires_at` it counts as absent."""

    __tablename__ = "store_entries"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    value: Mapped[Written]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeptFile(Base):
    """A file under a path, whose bytes are the data bucket's object `key`. Past `expires_at` it counts as absent."""

    __tablename__ = "files"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    key: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    mime_type: Mapped[str]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FileLink(Base):
    """A link by which anybody gets what a tenant keeps under a path, until it expires."""

    __tablename__ = "file_links"
    token_hash: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    tenant_id: Mapped[UUID]
    path: Mapped[str] = mapped_column(Text(collation="C"))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreTable(Base):
    """A table of the tenant's own. `columns` is `[{id, name, type}]`; names are unique, whatever their case."""

    __tablename__ = "store_tables"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    rows: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_row: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_column: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreRow(Base):
    """A row of such a table. `data` has its values by column id; ids count from 1 in each table."""

    __tablename__ = "store_rows"
    table_id: Mapped[UUID] = mapped_column(ForeignKey("store_tables.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tenant_id: Mapped[UUID]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreDone(Base):
    """What an operation of the store gave, which is not done again when it is retried."""

    __tablename__ = "store_done"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    result: Mapped[Written | None]
    expires_at: Mapped[datetime]


class StoreSeen(Base):
    """A value that a node let through, by its digest within a scope; `greatest` of a node run that let greater ones."""

    __tablename__ = "store_seen"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    execution_id: Mapped[UUID]
    origin: Mapped[UUID]
    run: Mapped[str]
    greatest: Mapped[Decimal | None]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class ModelPrice(Base):
    """What a model of a provider (a credential type) costs the tenant, where that is not what the lists say.

    `rates` has decimal texts: `input`, `cached`, `output`, `audio` (a million tokens), `minute` (of audio); US dollars.
    """

    __tablename__ = "model_prices"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    model: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    rates: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Api(Base):
    """An API that the tenant knows by its OpenAPI document: the text, and the operations that were read out of it."""

    __tablename__ = "apis"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    version: Mapped[str]
    words: Mapped[str]
    base_url: Mapped[str]
    servers: Mapped[list[str]] = mapped_column(JSONB)
    schemes: Mapped[list[str]] = mapped_column(JSONB)
    operations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    problems: Mapped[list[str]] = mapped_column(JSONB)
    document: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def operation_count(self) -> int:
        """How many operations it has."""
        return len(self.operations)


class MemorySession(Base):
    """A talk that models remember: of a workflow, or of a memory that workflows share by its name.

    `summary` stands for the messages up to `summarised`. Past `expires_at` it counts as absent.
    """

    __tablename__ = "memory_sessions"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID | None] = mapped_column(ForeignKey("workflows.id"))
    shared: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    session: Mapped[str] = mapped_column(Text(collation="C"))
    summary: Mapped[str] = mapped_column(server_default="")
    summarised: Mapped[int] = mapped_column(BigInteger, server_default="0")
    turns: Mapped[int] = mapped_column(BigInteger, server_default="0")
    messages: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MemoryMessage(Base):
    """A message of a talk. Those of a turn were written together; ids go up."""

    __tablename__ = "memory_messages"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("memory_sessions.id"))
    turn: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[Written]
    bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelSpending(Base):
    """What is spent on models: of the tenant and of workflows by month, of executions and node runs as a whole."""

    __tablename__ = "model_spending"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    of: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    period: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, server_default="")
    tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    money: Mapped[Decimal] = mapped_column(server_default="0")
    answers: Mapped[int] = mapped_column(BigInteger, server_default="0")
    unpriced: Mapped[int] = mapped_column(BigInteger, server_default="0")
    expires_at: Mapped[datetime | None]


class TenantBudget(Base):
    """What a tenant may spend on models in a month; None for any amount."""

    __tablename__ = "tenant_budgets"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    month_tokens: Mapped[int | None] = mapped_column(BigInteger)
    month_money: Mapped[Decimal | None]


class ChatTurn(Base):
    """A message of a chat's visitor and its answer. `session_id` tells conversations apart; one message of each runs.

    `view` is `{"answers": [node ids], "field", "steps": {node id: name}}`: whose output the answer is, and which nodes
    visitors see at work.
    """

    __tablename__ = "chat_turns"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    session_id: Mapped[str] = mapped_column(Text(collation="C"))
    message_id: Mapped[str] = mapped_column(Text(collation="C"))
    text: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    view: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="running")
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
