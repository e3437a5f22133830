"""Ends debug runs that nobody has gone on with in the time that a stop may last: nobody would, and they hold a turn."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from stepweave.aws import AwsError
from stepweave.model.events import ErrorInfo
from stepweave.runtime.ending import End, end_events
from stepweave.runtime.events import Outbox, Send
from stepweave_data.hooks.cancelling import GONE
from stepweave_data.hooks.waits import context_of
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

MOST: Final = 100
"""Stops in one run."""
_EXPIRED: Final = "SELECT id, tenant_id, execution_id, execution_arn, node_id FROM expired_stops(%s)"
_END: Final = "UPDATE debug_stops SET state = 'expired', ended_at = now() WHERE id = %s AND state = 'open'"
ERROR: Final[ErrorInfo] = {
    "type": "StopExpired",
    "message": "Nobody let the debug run go on in the time that it waits at a stop.",
    "remedy": "Run it again, and let stops last longer where you need the time.",
    "retryable": False,
}


class Machines(Protocol):
    """What is needed of Step Functions."""

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        """Abort a Standard execution. Raises AwsError."""


@dataclass(frozen=True)
class Stops:
    """Ends what stands for too long."""

    link: Link
    machines: Machines
    send: Send

    def sweep(self) -> int:
        """End such executions, as timed out; return how many.

        Raises:
            psycopg.Error, EventDeliveryError: the rest is left to the next run.
        """
        ended = set()
        for stop_id, tenant_id, execution_id, arn, node_id in self.link.rows(_EXPIRED, (MOST,)):
            if execution_id not in ended:
                try:
                    self._end(str(tenant_id), str(execution_id), node_id, arn)
                except AwsError as error:
                    logger().warning(
                        "a debug run could not be stopped",
                        tenant_id=str(tenant_id),
                        execution_id=str(execution_id),
                        error=str(error),
                    )
                    count(Metric.UNAVAILABLE)
                    continue
            ended.add(execution_id)
            self._mark(str(tenant_id), stop_id)
        return len(ended)

    def _mark(self, tenant_id: str, stop_id: UUID) -> None:
        self.link.tenant(tenant_id, lambda connection: connection.execute(_END, (stop_id,)))

    def _end(self, tenant_id: str, execution_id: str, node_id: str, arn: str | None) -> None:
        """Tell the history before Step Functions is told: its own word, that somebody aborted it, comes second."""

        def context(connection: Connection) -> Outbox:
            return Outbox(context_of(connection, execution_id), self.send)

        outbox = self.link.tenant(tenant_id, context)
        outbox.add(*end_events(execution_id, End("timed_out", error={**ERROR, "details": {"nodeId": node_id}})))
        outbox.close()
        if arn:
            try:
                self.machines.stop(arn, error=ERROR["type"], cause=ERROR["message"])
            except AwsError as error:
                if error.code not in GONE:
                    raise
