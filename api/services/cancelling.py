"""Cancelling: ends any execution that has not ended, whatever Step Functions or the event queue know of it.

Step Functions is told to stop it where it runs there; the row is ended at once, so what is stuck ends too; and the
event tells history, watchers and callers. Express executions cannot be stopped: what is left of one runs on for at most
five minutes, and nothing of it counts.
"""

import uuid
from datetime import UTC

from api import codes
from api.ports import StateMachines
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.aws.passes import signed
from stepweave.model.events import ExecutionContext
from stepweave.runtime.ending import End, end_events
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, Send
from stepweave_data.hooks.cancelling import GONE
from stepweave_data.models import Execution, Workflow
from stepweave_data.telemetry import logger


def cancel(principal: Principal, execution_id: uuid.UUID, machines: StateMachines, send: Send) -> None:
    """End an execution.

    Raises:
        Refused: `not_found`, `already_ended`; `not_cancelled` where Step Functions cannot be reached.
    """
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(execution_id)
        workflow = None if execution is None else rows.get(Workflow, execution.workflow_id)
    if execution is None:
        raise codes.not_found("execution")
    if execution.status not in ("queued", "running"):
        raise Refused(codes.ALREADY_ENDED, f"The execution has {execution.status.replace('_', ' ')} already.")
    if execution.execution_arn is not None and execution.machine_type != "express":
        _stop(machines, execution.execution_arn)
    with rows_of(principal.tenant_id) as rows:
        rows.executions.end_cancelled(execution_id)
    outbox = Outbox(_context(execution, workflow), send)
    outbox.add(*end_events(str(execution_id), End("cancelled")))
    try:
        outbox.close()
    except EventDeliveryError as error:
        # It has ended all the same; who watches finds out when it looks again.
        words = "a cancelled execution's end could not be told"
        logger().warning(words, execution_id=str(execution_id), error=error.message)


def _stop(machines: StateMachines, arn: str) -> None:
    try:
        machines.stop(arn)
    except AwsError as error:
        if error.code not in GONE:
            words = f"Step Functions did not stop the execution ({error.code}). Try again."
            raise Refused(codes.NOT_CANCELLED, words) from error


def _context(execution: Execution, workflow: Workflow | None) -> ExecutionContext:
    context: ExecutionContext = {
        "tenantId": str(execution.tenant_id),
        "executionId": str(execution.id),
        "workflowId": str(execution.workflow_id),
        "workflowName": workflow.name if workflow is not None else "",
        "workflowVersion": execution.workflow_version,
        "trigger": execution.trigger,  # type: ignore[typeddict-item]  # the column's check says which
        "mode": execution.mode,  # type: ignore[typeddict-item]  # likewise
        "startedAt": execution.started_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "timeZone": "UTC",
    }
    return signed(context)
