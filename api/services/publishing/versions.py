"""Versions: numbered for each workflow, never changed. The published one is a number in the workflow's row."""

import uuid
from collections.abc import Callable

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.tokens import Principal
from stepweave_data.models import CompiledMachine, Workflow, WorkflowVersion

Decide = Callable[[Rows], WorkflowVersion]
"""Makes or finds, within the transaction, the version that is to be the published one, and notes it."""


def new(principal: Principal, workflow: Workflow, machine: CompiledMachine, note: str) -> Decide:
    """Return what makes a version of a draft. It raises Refused: `draft_moved` for one that was saved since."""

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
                note=note,
                created_by=principal.user_id,
            )
        )
        locked.published_version = version.number
        return version

    return decide


def again(version: WorkflowVersion, machine: CompiledMachine) -> Decide:
    """Return what makes a former version the published one, and `machine` what it runs on."""

    def decide(rows: Rows) -> WorkflowVersion:
        _locked(rows, version.workflow_id).published_version = version.number
        found = rows.versions.find(version.workflow_id, version.number)
        if found is None:
            raise codes.not_found("version")
        found.compiled_hash = machine.compiled_hash
        return found

    return decide


def _locked(rows: Rows, workflow_id: uuid.UUID) -> Workflow:
    workflow = rows.workflows.find(workflow_id, locked=True)
    if workflow is None:  # deleted meanwhile
        raise codes.not_found("workflow")
    return workflow
