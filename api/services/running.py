"""Running workflows by hand: a draft as it stands, or the published version."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import func, select, update

from api import codes
from api.ports import Starts, StateMachines
from api.refusals import Refused
from api.services import cancelling, seeding, workflows
from api.services.compiling import compile_document
from api.services.first_items import first_items
from api.services.publishing import Publisher, live_target, triggers
from api.services.seeding import Part, Recorded
from api.services.tokens import Principal
from api.settings import settings
from stepweave.model.items import NodeOutput
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.starting import Seed, Target, fitting
from stepweave_data.database import tenant_session
from stepweave_data.link import Connection
from stepweave_data.models import CompiledMachine, Execution, ExecutionEvent, NodeRun, Workflow, WorkflowVersion
from stepweave_data.turns import admit_within, limited

Mode = Literal["draft", "live"]
WHOLE: Final = Part()
"""A run of the whole workflow, pinned data and all."""


@dataclass(frozen=True)
class Runner:
    """Starts and stops executions."""

    publisher: Publisher
    starts: Callable[[], Starts]
    machines: Callable[[], StateMachines]
    claims: Callable[[], Claims]
    send: Callable[[], Send]

    def run(
        self,
        principal: Principal,
        workflow_id: uuid.UUID,
        mode: Mode,
        trigger_node_id: str | None,
        items: list[Any] | None,
        part: Part = WHOLE,
    ) -> uuid.UUID:
        """Start an execution and return its id. Its row is there before it starts, so nothing is lost.

        Args:
            principal: who runs it.
            workflow_id: what.
            mode: the draft, or the published version.
            trigger_node_id: the trigger to start at; else the one of `part.from_execution_id`, else the manual one.
            items: what it starts with; None for those of `part.from_execution_id`, else what the trigger gives.
            part: which part of it.

        Raises:
            Refused: `not_found`, `workflow_invalid`, `not_published`, `data_gone`, `no_trigger`, and as in
                `seeding.seeded`; `not_started`.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        recorded = self._recorded(principal, workflow, part)
        document, target, seed = self._target(principal, workflow, mode, part, recorded)
        parsed = Document.model_validate(document)
        node_id = _trigger(parsed, trigger_node_id or _fired(document, recorded))
        given = items if items is not None else self._items(principal, recorded.get(node_id))
        if given is None:
            given = first_items(parsed, node_id)
        self._check_there(principal, document, seed)
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
            fit = fitting(seed, str(principal.tenant_id), str(execution_id), self.claims()) if seed else {}
            origin = self._origin(principal, part)
            request = {
                "target": asdict(target),
                "trigger": "manual",
                "nodeId": node_id,
                "items": given,
                "mode": mode,
                "executionId": str(execution_id),
                "seed": fit,
                "origin": origin,
            }
            if self._queued(principal, request):
                return execution_id
            self.starts().start(
                target,
                node_id=node_id,
                items=given,
                mode=mode,
                execution_id=str(execution_id),
                seed=fit,
                origin=origin,
            )
        except NodeError as error:
            self._fail(principal, execution_id, error.message)
            raise Refused(codes.NOT_STARTED, error.message, executionId=str(execution_id)) from error
        except Refused as refused:
            self._fail(principal, execution_id, refused.detail)
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
        """End an execution. Raises as `cancelling.cancel`."""
        cancelling.cancel(principal, execution_id, self.machines(), self.send())

    def _queued(self, principal: Principal, request: dict[str, Any]) -> bool:
        """Whether an execution waits for its turn, because its workflow runs so many at once already."""
        if not limited(request):
            return False
        with tenant_session(principal.tenant_id) as session:
            connection = cast("Connection", session.connection().connection.driver_connection)
            return not admit_within(connection, request)

    def _target(
        self, principal: Principal, workflow: Workflow, mode: Mode, part: Part, recorded: Recorded
    ) -> tuple[dict[str, Any], Target, Seed]:
        """Return the document that runs, its machine, and what nodes give that do not run."""
        if mode == "draft":
            number, document = None, workflow.document
        else:
            version = self._published(principal, workflow)
            number, document = version.number, version.document
            part = replace(part, pinned=False)
        parsed = Document.model_validate(document)
        seeded = seeding.seeded(parsed, part, recorded)
        if mode == "live" and not seeded.partial:
            with tenant_session(principal.tenant_id) as session:
                published = session.get_one(CompiledMachine, (workflow.id, version.compiled_hash))
            return document, live_target(workflow, published, number, parsed), {}
        compile_document(document)  # the whole must be without errors, whatever part of it runs
        options = seeded.options(settings().prefix) if seeded.partial else None
        machine = self.publisher.machine_of(principal, workflow, document, options)
        target = live_target(workflow, machine, number, parsed)
        return document, replace(target, machine_arn=machine.version_arn, concurrency=None), seeded.given

    def _published(self, principal: Principal, workflow: Workflow) -> WorkflowVersion:
        with tenant_session(principal.tenant_id) as session:
            version = session.scalar(
                select(WorkflowVersion).where(
                    WorkflowVersion.workflow_id == workflow.id, WorkflowVersion.number == workflow.published_version
                )
            )
        if version is None:
            raise Refused(codes.NOT_PUBLISHED, "The workflow is not published; publish it, or run the draft.")
        return version

    def _recorded(self, principal: Principal, workflow: Workflow, part: Part) -> Recorded:
        """Return the outputs of the execution that a run takes its data from."""
        if part.from_execution_id is None:
            return {}
        with tenant_session(principal.tenant_id) as session:
            execution = session.get(Execution, uuid.UUID(part.from_execution_id))
            if execution is None or execution.workflow_id != workflow.id:
                raise Refused(codes.UNKNOWN_EXECUTION, "There is no such execution of this workflow.")
            runs = session.scalars(select(NodeRun).where(NodeRun.execution_id == execution.id, NodeRun.iteration == ""))
            return {run.node_id: run.output if run.status == "succeeded" else None for run in runs}

    def _origin(self, principal: Principal, part: Part) -> str:
        """Return the id of the execution that the work began with, where a failed one is gone on with."""
        if part.from_execution_id is None or part.start_node_id is None:
            return ""
        id = part.from_execution_id
        with tenant_session(principal.tenant_id) as session:
            told = session.scalar(
                select(ExecutionEvent.data).where(
                    ExecutionEvent.execution_id == uuid.UUID(id), ExecutionEvent.id == f"{id}-started"
                )
            )
        trigger = (told or {}).get("trigger") or {}
        return str(trigger.get("origin") or id)

    def _check_there(self, principal: Principal, document: dict[str, Any], seed: Seed) -> None:
        """Raise Refused (`data_gone`) where the data of a node that will not run is stored no longer."""
        names = {node["id"]: node["name"] for node in document["nodes"]}
        for node_id, given in seed.items():
            for batch in (given["output"] or {}).values():
                try:
                    self.claims().check_there(batch, str(principal.tenant_id))
                except NodeError as error:
                    detail = (
                        f"The data of {names.get(node_id, node_id)!r} cannot be taken from that execution: "
                        f"{error.message} Start further up, or run the whole workflow."
                    )
                    raise Refused(codes.DATA_GONE, detail, nodeId=node_id) from error

    def _items(self, principal: Principal, output: NodeOutput | None) -> list[Any] | None:
        """Return the items that a trigger gave, or None."""
        if not output:
            return None
        try:
            return list(self.claims().fetch(next(iter(output.values())), str(principal.tenant_id)))
        except NodeError as error:
            raise Refused(codes.DATA_GONE, f"The execution's first items: {error.message}") from error


def _fired(document: dict[str, Any], recorded: Recorded) -> str | None:
    """Return the trigger that fired in an earlier execution, where it still is one."""
    found = triggers(Document.model_validate(document))
    return next((node.id for node in found if recorded.get(node.id)), None)


def _trigger(document: Document, wanted: str | None) -> str:
    """Return the trigger to start at: the one asked for, else the manual one, else the first."""
    found = triggers(document)
    if wanted is not None:
        if all(node.id != wanted for node in found):
            raise Refused(codes.NO_TRIGGER, f"There is no trigger node {wanted!r} that is not disabled.")
        return wanted
    if not found:
        raise Refused(codes.NO_TRIGGER, "The workflow has no trigger that is not disabled; add one.")
    return next((node.id for node in found if node.type == "manual_trigger"), found[0].id)
