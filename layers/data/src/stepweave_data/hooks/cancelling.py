"""Ending an execution that has not ended, with its turn, its waits and its open node runs, whatever runs of it."""

from typing import Final, Protocol

from stepweave.aws import AwsError
from stepweave.runtime.ending import End, end_events
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, Send
from stepweave_data.hooks.waits import context_of
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import logger

END: Final = """
WITH ended AS (
  UPDATE executions SET status = 'cancelled', ended_at = greatest(now(), started_at)
  WHERE id = :id AND status IN ('queued', 'running') RETURNING id, ended_at
), turn AS (
  DELETE FROM execution_turns WHERE execution_id IN (SELECT id FROM ended)
), waiting AS (
  UPDATE waits SET state = 'cancelled', resolved_at = ended.ended_at FROM ended
  WHERE waits.execution_id = ended.id AND waits.state = 'open'
)
UPDATE node_runs SET status = 'failed', ended_at = ended.ended_at,
       error = '{"type": "Cancelled", "message": "The execution was cancelled.", "retryable": false}'
FROM ended WHERE node_runs.execution_id = ended.id AND node_runs.status IN ('running', 'retrying', 'waiting')
"""
"""One statement; `:id` is the execution's."""
GONE: Final = frozenset(("ExecutionDoesNotExist", "StateMachineDoesNotExist", "InvalidArn", "ValidationException"))
"""What Step Functions says of an execution that it does not know, or of an ARN that is none: nothing to stop."""
_ONE: Final = "SELECT 1 FROM executions WHERE id = %s AND status IN ('queued', 'running')"


class Machines(Protocol):
    """What is needed of Step Functions."""

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        """Abort a Standard execution. Raises AwsError."""


def cancel(link: Link, tenant_id: str, execution_id: str, arn: str, machines: Machines, send: Send) -> None:
    """End an execution; one that has ended, or that nobody knows, is fine.

    Args:
        link: Postgres.
        tenant_id: whose execution it is.
        execution_id: its id.
        arn: a Standard execution's; "" for an Express one, which cannot be stopped: what is left of it runs on for at
            most five minutes, and nothing of it counts.
        machines: Step Functions.
        send: tells the history.

    Raises:
        AwsError: Step Functions did not stop it; nothing has changed.
        psycopg.Error: Postgres could not be asked.
    """
    if arn:
        try:
            machines.stop(arn)
        except AwsError as error:
            if error.code not in GONE:
                raise

    def ended(connection: Connection) -> Outbox | None:
        if connection.execute(_ONE.encode(), (execution_id,)).fetchone() is None:
            return None
        outbox = Outbox(context_of(connection, execution_id), send)
        connection.execute(END.replace(":id", "%s").encode(), (execution_id,))
        return outbox

    outbox = link.tenant(tenant_id, ended)
    if outbox is None:
        return
    outbox.add(*end_events(execution_id, End("cancelled")))
    try:
        outbox.close()
    except EventDeliveryError as error:
        # It has ended all the same; who watches finds out when it looks again.
        logger().warning("a cancelled execution's end could not be told", execution_id=execution_id, error=str(error))
