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
from api.services import cancelling, workflows
from api.services.publishing import Publisher
from api.services.run_plans import Plan, Planner, Wanted
from api.services.tokens import Principal
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.starting import fitting
from stepweave_data.models import Execution
from stepweave_data.turns import admit_within, limited


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
            Refused: `not_found`; as `Planner.plan`; `not_started`, and then the execution has failed.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        plan = Planner(self.publisher, self.claims).plan(principal, workflow, wanted)
        execution_id = _queued(principal, plan)
        try:
            self._start(principal, plan, execution_id)
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

    def _start(self, principal: Principal, plan: Plan, execution_id: uuid.UUID) -> None:
        """Start it, or leave it queued where its workflow runs as many at once as it may."""
        id, seed = str(execution_id), plan.seed
        if seed:
            seed = fitting(seed, str(principal.tenant_id), id, self.claims())
        request = {
            "target": asdict(plan.target),
            "trigger": "manual",
            "nodeId": plan.node_id,
            "items": plan.items,
            "mode": plan.mode,
            "executionId": id,
            "seed": seed,
            "origin": plan.origin,
        }
        if limited(request) and not _admitted(principal, request):
            return
        self.starts().start(
            plan.target,
            node_id=plan.node_id,
            items=plan.items,
            mode=plan.mode,
            execution_id=id,
            seed=seed,
            origin=plan.origin,
        )


def _queued(principal: Principal, plan: Plan) -> uuid.UUID:
    """Write down that an execution is about to start, and return its id."""
    execution = Execution(
        id=uuid.uuid4(),
        tenant_id=principal.tenant_id,
        workflow_id=plan.workflow_id,
        workflow_version=plan.target.workflow_version,
        mode=plan.mode,
        trigger="manual",
        status="queued",
        machine_type=plan.target.machine_type,
        started_at=datetime.now(UTC),
        document=plan.document if plan.mode == "draft" else None,
        created_by=principal.user_id,
    )
    with rows_of(principal.tenant_id) as rows:
        return rows.add(execution).id


def _admitted(principal: Principal, request: dict[str, Any]) -> bool:
    """Whether an execution's turn has come."""
    with rows_of(principal.tenant_id) as rows:
        return admit_within(rows.connection, request)


def _fail(principal: Principal, execution_id: uuid.UUID, message: str) -> None:
    with rows_of(principal.tenant_id) as rows:
        rows.executions.fail_queued(execution_id, {"type": "StartFailed", "message": message, "retryable": False})
