"""Running workflows by hand: a draft as it stands, or the published version, or a part of either."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from api import codes
from api.ports import Starts, StateMachines
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services import cancelling, quotas, workflows
from api.services.belonging import check_own
from api.services.publishing import Publisher
from api.services.retention import used_by
from api.services.run_plans import Debug, Plan, Planner, Wanted
from api.services.tokens import Principal
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.starting import fitting
from stepweave_data.auditing import seeing
from stepweave_data.debugging import run_key
from stepweave_data.models import DebugRun, Execution
from stepweave_data.no_room import NoRoom
from stepweave_data.turns import admit_within


@dataclass(frozen=True)
class Runner:
    """Starts and stops executions."""

    publisher: Publisher
    starts: Callable[[], Starts]
    machines: Callable[[], StateMachines]
    claims: Callable[[], Claims]
    send: Callable[[], Send]

    def run(self, principal: Principal, workflow_id: uuid.UUID, wanted: Wanted) -> uuid.UUID:
        """Start an execution and return its id. Its row is there before it starts, so nothing is lost.

        Raises:
            Refused: `not_found`; as `Planner.plan`; `credential_elsewhere`; `not_started`, and then the execution has
                failed.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        if wanted.mode == "draft":
            check_own(principal, workflow, workflow.document)
        plan = Planner(self.publisher, self.claims).plan(principal, workflow, wanted)
        if wanted.mode == "live":
            check_own(principal, workflow, plan.document, published=True)
        execution_id = uuid.uuid4()
        request = self._request(principal, plan, execution_id)
        if not _queued(principal, plan, execution_id, request):
            return execution_id
        try:
            self._start(plan, request)
        except NodeError as error:
            _fail(principal, execution_id, error.message)
            raise Refused(codes.NOT_STARTED, error.message, executionId=str(execution_id)) from error
        except Refused as refused:
            _fail(principal, execution_id, refused.detail)
            raise
        return execution_id

    def cancel(self, principal: Principal, execution_id: uuid.UUID) -> None:
        """End an execution. Raises as `cancelling.cancel`."""
        cancelling.cancel(principal, execution_id, self.machines(), self.send())

    def _request(self, principal: Principal, plan: Plan, execution_id: uuid.UUID) -> dict[str, Any]:
        """Return what starts it, as the starter takes it: its turn may come later. Raises Refused (`not_started`)."""
        id, seed = str(execution_id), plan.seed
        try:
            seed = fitting(seed, str(principal.tenant_id), id, self.claims()) if seed else seed
        except NodeError as error:
            raise Refused(codes.NOT_STARTED, error.message) from error
        return {
            "target": asdict(plan.target),
            "trigger": "manual",
            "nodeId": plan.node_id,
            "items": plan.items,
            "mode": plan.mode,
            "executionId": id,
            "seed": seed,
            "origin": plan.origin,
        }

    def _start(self, plan: Plan, request: dict[str, Any]) -> None:
        self.starts().start(
            plan.target,
            node_id=plan.node_id,
            items=plan.items,
            mode=plan.mode,
            execution_id=request["executionId"],
            seed=request["seed"],
            origin=plan.origin,
        )


def _queued(principal: Principal, plan: Plan, execution_id: uuid.UUID, request: dict[str, Any]) -> bool:
    """Write down that an execution is about to start, and return whether it may now; else it waits for its turn.

    Raises:
        Refused: `quota_reached`, `too_many_executions`; then nothing is written down.
    """
    execution = Execution(
        id=execution_id,
        tenant_id=principal.tenant_id,
        workflow_id=plan.workflow_id,
        workflow_version=plan.target.workflow_version,
        mode=plan.mode,
        trigger="manual",
        status="queued",
        machine_type=plan.target.machine_type,
        started_at=datetime.now(UTC),
        document=plan.document if plan.mode == "draft" else None,
        compiled_hash=plan.compiled_hash,
        environment=plan.target.environment,
        created_by=principal.user_id,
        uses=used_by(request, principal.tenant_id, execution_id),
    )
    # Whether there is room is a matter of the workspace, whatever of it the caller sees.
    with seeing(None), rows_of(principal.tenant_id) as rows:
        quotas.let_in(rows)
        rows.retention.hold(set(execution.uses))
        rows.add(execution)
        if plan.debug is not None:
            rows.add(_debug_run(principal, plan, plan.debug, execution_id))
        try:
            return admit_within(rows.connection, request)
        except NoRoom as error:
            told = error.headers
            raise Refused(
                codes.TOO_MANY_EXECUTIONS, str(error), headers=told, kind=error.kind, most=error.most
            ) from error


def _debug_run(principal: Principal, plan: Plan, debug: Debug, execution_id: uuid.UUID) -> DebugRun:
    """Return where an execution stops: stepwise, behind the trigger, and behind nodes whose output is given."""
    before = [plan.node_id, *plan.seed] if debug.stepwise else []
    return DebugRun(
        execution_id=execution_id,
        tenant_id=principal.tenant_id,
        workflow_id=plan.workflow_id,
        breakpoints=debug.breakpoints,
        on_error=debug.on_error,
        stepped=[run_key(node_id, "") for node_id in before],
        stop_seconds=debug.stop_seconds,
    )


def _fail(principal: Principal, execution_id: uuid.UUID, message: str) -> None:
    with rows_of(principal.tenant_id) as rows:
        rows.executions.fail_queued(execution_id, {"type": "StartFailed", "message": message, "retryable": False})
