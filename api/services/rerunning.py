"""Executions again: as a whole with what they began with, or from the node that failed."""

import uuid

from api import codes
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.retention import absent
from api.services.run_plans import Mode, Wanted
from api.services.running import Runner
from api.services.seeding import Part
from api.services.tokens import Principal
from stepweave_data.models import Execution


def run_again(principal: Principal, runner: Runner, execution_id: uuid.UUID) -> uuid.UUID:
    """Start the newest version, or the draft where that ran, with what the execution began with; return its id.

    Raises:
        Refused: `not_found`, `execution_deleted`, `still_open`; and as `Runner.run`.
    """
    ended = _ended(principal, execution_id)
    wanted = Wanted(_mode(ended), part=Part(from_execution_id=str(execution_id)))
    return runner.run(principal, ended.workflow_id, wanted)


def retry(principal: Principal, runner: Runner, execution_id: uuid.UUID) -> uuid.UUID:
    """Start at the node that failed first, with what the others gave; return the new execution's id.

    Raises:
        Refused: `not_found`, `execution_deleted`, `still_open`, `nothing_failed`; and as `Runner.run`.
    """
    ended = _ended(principal, execution_id)
    with rows_of(principal.tenant_id) as rows:
        failed = rows.node_runs.first_failed(execution_id)
    if failed is None:
        raise Refused(codes.NOTHING_FAILED, "No node outside a loop failed; run the execution again as a whole.")
    part = Part(from_execution_id=str(execution_id), start_node_id=failed)
    return runner.run(principal, ended.workflow_id, Wanted(_mode(ended), part=part))


def _ended(principal: Principal, execution_id: uuid.UUID) -> Execution:
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(execution_id)
        if execution is None:
            raise absent(rows, execution_id)
    if execution.status in ("queued", "running"):
        raise Refused(codes.STILL_OPEN, "The execution has not ended; wait for its end, or cancel it.")
    return execution


def _mode(execution: Execution) -> Mode:
    return "live" if execution.mode == "live" else "draft"
