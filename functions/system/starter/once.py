"""Runs each Express execution once. Its start cannot be repeated safely, and Lambda's and Scheduler's calls may be.

The execution's row is the claim: who makes it, or moves it on from `queued`, runs the execution. Should that one die
before it starts, the execution stays open until the sweeper ends it: at most once, as Express promises its callers.
"""

from typing import Final

from stepweave.runtime.starting import Start
from stepweave_data.link import Connection, Link

_TAKE: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at)
VALUES (%s, %s, %s, %s, %s, %s, 'running', 'express', now())
ON CONFLICT (id) DO UPDATE SET status = 'running' WHERE executions.status = 'queued'
RETURNING id
"""
_RELEASE: Final = "UPDATE executions SET status = 'queued' WHERE id = %s AND status = 'running' AND last_seq = 0"


class Once:
    """Claims executions in Postgres."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def take(self, it: Start) -> bool:
        """Whether the execution of a start is the caller's to run. Raises psycopg.Error."""
        target = it.target
        values = (
            it.execution_id,
            target.tenant_id,
            target.workflow_id,
            target.workflow_version,
            it.mode,
            it.trigger,
        )

        def work(connection: Connection) -> bool:
            return connection.execute(_TAKE, values, prepare=True).fetchone() is not None

        return self._link.tenant(target.tenant_id, work)

    def release(self, it: Start) -> None:
        """Give an execution back that was not started, so that another call may. Raises psycopg.Error."""
        self._link.tenant(it.target.tenant_id, lambda link: link.execute(_RELEASE, (it.execution_id,), prepare=True))
