"""Running workflows by hand: a draft as it stands, or the published version."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import func, select, update

from api.errors import Problem, not_found
from api.ports import Starts, StateMachines
from api.services import workflows
from api.services.publishing import Publisher, live_target, triggers
from api.services.tokens import Principal
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave_data.database import tenant_session
from stepweave_data.models import CompiledMachine, Execution, Workflow, WorkflowVersion

Mode = Literal["draft", "live"]


@dataclass(frozen=True)
class Runner:
    """Starts and stops executions."""

    publisher: Publisher
    starts: Callable[[], Starts]
    machines: Callable[[], StateMachines]

    def run(
        self, principal: Principal, workflow_id: uuid.UUID, mode: Mode, trigger_node_id: str | None, items: list[Any]
    ) -> uuid.UUID:
        """Start an execution and return its id. Its row is there before it starts, so nothing is lost.

        Raises:
            Problem: 404; 422 with diagnostics; 409 `not_published`; 422 `no_trigger`; 503 when it could not be started.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        document, target = self._target(principal, workflow, mode)
        node_id = _trigger(Document.model_validate(document), trigger_node_id)
        execution_id = uuid.uuid4()
        with tenant_session(principal.tenant_id) as session:
            session.add(
                Execution(
                    id=execution_id,
                    tenant_id=principal.tenant_id,
                    workflow_id=workflow.id,
                    workflow_version=target.workflow_version,
                    mode=mode,
                    trigger="manual",
                    status="queued",
                    machine_type=target.machine_type,
                    started_at=datetime.now(UTC),
                    document=document if mode == "draft" else None,
                    created_by=principal.user_id,
                )
            )
        try:
            self.starts().start(target, node_id=node_id, items=items, mode=mode, execution_id=str(execution_id))
        except Problem as problem:
            self._fail(principal, execution_id, problem.detail)
            raise
        return execution_id

    def _fail(self, principal: Principal, execution_id: uuid.UUID, message: str) -> None:
        """End an execution that did not start; one whose history has begun is left to its history."""
        with tenant_session(principal.tenant_id) as session:
            session.execute(
                update(Execution)
                .where(Execution.id == execution_id, Execution.status == "queued", Execution.last_seq == 0)
                .values(status="failed", ended_at=func.now(), error={"type": "StartFailed", "message": message})
            )

    def cancel(self, principal: Principal, execution_id: uuid.UUID) -> None:
        """Stop an execution. Raises Problem: 404; 409 when it has ended, or cannot be stopped."""
        with tenant_session(principal.tenant_id) as session:
            execution = session.get(Execution, execution_id)
        if execution is None:
            raise not_found("execution")
        if execution.status not in ("queued", "running"):
            raise Problem(409, "already_ended", f"The execution has {execution.status.replace('_', ' ')} already.")
        if execution.machine_type == "express" or execution.execution_arn is None:
            raise Problem(409, "cannot_cancel", "Express executions cannot be stopped; they end within five minutes.")
        self.machines().stop(execution.execution_arn)

    def _target(self, principal: Principal, workflow: Workflow, mode: Mode) -> tuple[dict[str, Any], Target]:
        if mode == "draft":
            machine = self.publisher.machine_of(principal, workflow)
            zone = Document.model_validate(workflow.document).settings.time_zone
            draft = live_target(workflow, machine, None, zone)
            return workflow.document, replace(draft, machine_arn=machine.version_arn)
        with tenant_session(principal.tenant_id) as session:
            version = session.scalar(
                select(WorkflowVersion).where(
                    WorkflowVersion.workflow_id == workflow.id, WorkflowVersion.number == workflow.published_version
                )
            )
            if version is None:
                raise Problem(409, "not_published", "The workflow is not published; publish it, or run the draft.")
            published = session.get_one(CompiledMachine, (workflow.id, version.compiled_hash))
        zone = Document.model_validate(version.document).settings.time_zone
        return version.document, live_target(workflow, published, version.number, zone)


def _trigger(document: Document, wanted: str | None) -> str:
    """Return the trigger to start at: the one asked for, else the manual one, else the first."""
    found = triggers(document)
    if wanted is not None:
        if all(node.id != wanted for node in found):
            raise Problem(422, "no_trigger", f"There is no trigger node {wanted!r} that is not disabled.")
        return wanted
    if not found:
        raise Problem(422, "no_trigger", "The workflow has no trigger that is not disabled; add one.")
    return next((node.id for node in found if node.type == "manual_trigger"), found[0].id)
