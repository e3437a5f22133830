"""Runs each Express execution once. Its start cannot be repeated safely, and Lambda's and Scheduler's calls may be.

The execution's row is the claim: who makes it, or moves it on from `queued`, runs the execution. Should that one die
before it starts, the execution stays open until the sweeper ends it: at most once, as Express promises its callers.
"""

from typing import Any, Final

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

    def take(self, request: dict[str, Any]) -> bool:
        """Whether the execution of a start request is the caller's to run. Raises psycopg.Error."""
        target = request["target"]
        values = (
            request["executionId"],
            target["tenant_id"],
            target["workflow_id"],
            target["workflow_version"],
            request["mode"],
            request["trigger"],
        )

        def work(connection: Connection) -> bool:
            return connection.execute(_TAKE, values, prepare=True).fetchone() is not None

        return self._link.tenant(target["tenant_id"], work)

    def release(self, request: dict[str, Any]) -> None:
        """Give an execution back that was not started, so that another call may. Raises psycopg.Error."""
        tenant_id, id = request["target"]["tenant_id"], request["executionId"]
        self._link.tenant(tenant_id, lambda it: it.execute(_RELEASE, (id,), prepare=True))
