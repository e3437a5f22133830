"""Checks passes for the functions that have the database, and writes down what was refused (ADR 54).

An execution that began before contexts were signed has none. Its own word counts while it is open, is as it says, and
began before `signed_since()`, which the migration wrote: as those end, that door closes by itself.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import psycopg

from stepweave.aws.passes import Bearer, PassMissing, PassRefused, checked
from stepweave_data import auditing
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

NOTED_SECONDS: Final = 60.0
"""A worker writes one line of a tenant's audit in that time, however often it refuses."""
_OPEN: Final = """
SELECT workflow_version FROM executions WHERE id = %s AND workflow_id = %s AND status IN ('queued', 'running')
AND started_at < signed_since()
"""
_TENANT: Final = "SELECT 1 FROM tenants WHERE id = %s"


class Passes:
    """Checks passes for one function. Not thread-safe."""

    def __init__(self, link: Callable[[], Link]) -> None:
        self._link = link
        self._noted: dict[str, float] = {}

    def bearer(self, given: Any) -> Bearer:
        """Return whose a request is.

        Args:
            given: the request's pass, or an execution's whole context.

        Raises:
            PassRefused: nobody's whom we know. It is in the log and, where it names a tenant, in that one's audit.
            psycopg.Error, AwsError: Postgres, or the secret, cannot be reached; trying again may help.
        """
        try:
            try:
                return checked(given)
            except PassMissing:
                old = self._old(given)
                if old is None:
                    raise
                return old
            except (TypeError, ValueError, KeyError) as error:
                raise PassRefused("The request's pass is none.") from error
        except PassRefused as error:
            self._note(given, str(error))
            raise

    def _old(self, given: Mapping[str, Any]) -> Bearer | None:
        try:
            tenant_id, id = str(UUID(given["tenantId"])), str(UUID(given["executionId"]))
            workflow_id = str(UUID(given["workflowId"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        values = (id, workflow_id)
        row = self._link().tenant(tenant_id, lambda it: it.execute(_OPEN.encode(), values).fetchone())
        return Bearer(tenant_id, workflow_id, id, row[0]) if row else None

    def _note(self, given: Any, reason: str) -> None:
        """Write down a refusal, once a minute for a tenant: whoever forges passes must not fill its audit."""
        said = given if isinstance(given, Mapping) else {}
        told = {name: str(said.get(name) or "")[:64] for name in ("tenantId", "executionId", "workflowId")}
        logger().error("a pass was refused", reason=reason, said=told)
        count(Metric.FORGED)
        moment = time.monotonic()
        try:
            tenant_id = str(UUID(told["tenantId"]))
        except ValueError:
            return
        if self._noted.get(tenant_id, 0.0) > moment:
            return
        self._noted[tenant_id] = moment + NOTED_SECONDS
        about = {"reason": reason, "by": os.environ.get("POWERTOOLS_SERVICE_NAME", ""), **told}
        entry = auditing.Entry(None, "pass.refused", told["executionId"], about)

        def write(connection: Connection) -> None:
            if connection.execute(_TENANT, (tenant_id,)).fetchone() is not None:
                auditing.write(connection, tenant_id, entry)

        try:
            self._link().tenant(tenant_id, write)
        except psycopg.Error as error:
            logger().warning("a refused pass is not in the audit", error=str(error))
