"""Workflows, their versions and machines, and how they are kept in order."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Computed, FetchedValue, ForeignKey, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base, Written


class Folder(Base):
    """A folder of workflows; folders nest. Names are unique in a folder, whatever their case."""

    __tablename__ = "folders"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
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
    """A workflow and its draft, `document`. Postgres reads `node_types`, `node_count` and `names` off the document: the
    ids that its nodes' parameters name, of credentials above all."""

    __tablename__ = "workflows"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
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
    saved_minutes: Mapped[Decimal | None]
    """Of a person's time, by each run that succeeds; None where nobody said."""
    own_retention: Mapped[bool] = mapped_column(server_default="false")
    """Whether its executions are kept as it says itself, and not as the tenant does (`Tenant.keep_succeeded`)."""
    keep_succeeded: Mapped[int | None]
    keep_failed: Mapped[int | None]
    node_types: Mapped[list[str]] = mapped_column(Computed("document_node_types(document)", persisted=True))
    names: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), Computed("document_names(document)", persisted=True))
    node_count: Mapped[int] = mapped_column(Computed("json_array_length(document -> 'nodes')", persisted=True))


class WorkflowVersion(Base):
    """A published state of a workflow; (workflow_id, number) is unique. Only what people say of it, `name` and `note`,
    changes. `names` as of `Workflow`."""

    __tablename__ = "workflow_versions"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    number: Mapped[int]
    document: Mapped[Written]
    compiled_hash: Mapped[str]
    names: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), Computed("document_names(document)", persisted=True))
    name: Mapped[str] = mapped_column(server_default="")
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
    used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When a run or a publish last asked for it, to ten minutes."""
    look_after: Mapped[datetime] = mapped_column(server_default=text("now() + interval '1 hour'"))
    """When to see whether anything needs it."""
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default="{}")
    """The version ARNs of the machines nested in it."""


class LeavingMachine(Base):
    """A state-machine version, or a whole state machine, that is to be deleted on AWS, or was within the hour."""

    __tablename__ = "leaving_machines"
    arn: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    leave_after: Mapped[datetime] = mapped_column(server_default=func.now())
    asked_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
