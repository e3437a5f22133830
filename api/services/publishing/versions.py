"""Versions: numbered for each workflow; of one only its name and note change. The published one is a number in the
workflow's row."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.tokens import Principal
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import CompiledMachine, LiveVersion, Workflow, WorkflowVersion

Decide = Callable[[Rows], WorkflowVersion]
"""Makes or finds, within the transaction, the version that is to be the published one, and notes it."""


@dataclass(frozen=True)
class Said:
    """What people say of a version."""

    name: str = ""
    note: str = ""


NOTHING: Final = Said()


def new(
    principal: Principal, workflow: Workflow, machine: CompiledMachine, said: Said, environment: str | None = PRODUCTION
) -> Decide:
    """Return what makes a version of a draft, live somewhere unless that is None.

    Raises Refused (`draft_moved`): it was saved since.
    """

    def decide(rows: Rows) -> WorkflowVersion:
        locked = _locked(rows, workflow.id)
        if locked.revision != workflow.revision:
            detail = "The draft was saved while it was being published; publish again."
            raise Refused(codes.DRAFT_MOVED, detail)
        version = rows.add(
            WorkflowVersion(
                tenant_id=principal.tenant_id,
                workflow_id=workflow.id,
                number=rows.versions.next_number(workflow.id),
                document=workflow.document,
                compiled_hash=machine.compiled_hash,
                name=said.name,
                note=said.note,
                created_by=principal.user_id,
            )
        )
        if environment is not None:
            _live(rows, principal, locked, version.number, environment)
        return version

    return decide


def again(
    principal: Principal,
    version: WorkflowVersion,
    machine: CompiledMachine,
    environment: str = PRODUCTION,
    first: Callable[[Rows], None] | None = None,
) -> Decide:
    """Return what makes a version that is there the one that is live somewhere, and `machine` what it runs on.

    `first` is done before, in the same transaction; it may refuse.
    """

    def decide(rows: Rows) -> WorkflowVersion:
        if first is not None:
            first(rows)
        _live(rows, principal, _locked(rows, version.workflow_id), version.number, environment)
        found = rows.versions.find(version.workflow_id, version.number)
        if found is None:
            raise codes.not_found("version")
        found.compiled_hash = machine.compiled_hash
        return found

    return decide


def switched(rows: Rows, workflow: Workflow, environment: str) -> Workflow | LiveVersion | None:
    """Return the row that says whether what is live of a workflow is on; None where nothing is live."""
    if environment != PRODUCTION:
        return rows.environments.live(workflow.id, environment)
    return workflow if workflow.published_version is not None else None


def _live(rows: Rows, principal: Principal, locked: Workflow, number: int, environment: str) -> None:
    """Note which version is live: production's in the workflow's own row, whose draft it is."""
    rows.releases.went_live(locked.tenant_id, locked.id, environment, number)
    if environment == PRODUCTION:
        locked.published_version = number
        return
    live = rows.environments.live(locked.id, environment)
    if live is None:
        live = LiveVersion(tenant_id=locked.tenant_id, workflow_id=locked.id, environment=environment, version=number)
    live.version, live.published_by, live.published_at = number, principal.user_id, datetime.now(UTC)
    rows.put(live)


def _locked(rows: Rows, workflow_id: uuid.UUID) -> Workflow:
    workflow = rows.workflows.find(workflow_id, locked=True)
    if workflow is None:  # deleted meanwhile
        raise codes.not_found("workflow")
    return workflow
