"""What an execution or an ask may open: what its workflow's version, or the ask's parameters, name (ADR 60)."""

import time
from typing import Final
from uuid import UUID

import psycopg

from functions.system.vault.errors import CredentialNotNamed
from stepweave.aws.passes import Bearer
from stepweave_data import auditing
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

MOST_KEPT: Final = 2000
"""Versions of which a worker remembers what they name: they never change."""
NOTED_SECONDS: Final = 60.0
"""A worker writes one entry of an execution in that time, however often it refuses."""
_VERSION: Final = "SELECT names FROM workflow_versions WHERE workflow_id = %s AND number = %s"
_DRAFT: Final = "SELECT document_names(document) FROM executions WHERE id = %s AND document IS NOT NULL"
_NOBODYS: Final[frozenset[str]] = frozenset()


class Naming:
    """Knows what may be opened, for one worker. Not thread-safe."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._kept: dict[tuple[object, ...], frozenset[str]] = {}
        self._noted: dict[str, float] = {}

    def check(self, bearer: Bearer, id: object, node_id: object = None) -> None:
        """Return where `bearer` may have what `id` names.

        Args:
            bearer: whose pass it is.
            id: of a credential, or of a trigger's registration; what is no id is for others to refuse.
            node_id: which node says to ask, for the audit.

        Raises:
            CredentialNotNamed: it may not. It is in the tenant's audit.
            psycopg.Error: Postgres cannot be reached; trying again may help.
        """
        try:
            wanted = str(UUID(str(id)))
        except ValueError:
            return
        if bearer.execution_id:
            if wanted not in self._named(bearer):
                self._note(bearer, wanted, node_id)
                raise CredentialNotNamed("The version of the workflow that runs does not name this credential.")
        elif wanted not in bearer.opens:
            self._note(bearer, wanted, node_id)
            raise CredentialNotNamed("What was asked for does not name this credential.")

    def _named(self, bearer: Bearer) -> frozenset[str]:
        """Return the ids that an execution's document names. What is not there names nothing, and is not kept."""
        key: tuple[object, ...] = (bearer.tenant_id, bearer.execution_id)
        query, values = _DRAFT, (bearer.execution_id,)
        if bearer.version is not None:
            key = (bearer.tenant_id, bearer.workflow_id, bearer.version)
            query, values = _VERSION, (bearer.workflow_id, bearer.version)  # type: ignore[assignment]
        if key in self._kept:
            return self._kept[key]
        row = self._link.tenant(
            bearer.tenant_id, lambda it: it.execute(query.encode(), values, prepare=True).fetchone()
        )
        if row is None:
            return _NOBODYS
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        return self._kept.setdefault(key, frozenset(map(str, row[0])))

    def _note(self, bearer: Bearer, id: str, node_id: object) -> None:
        """Write down a refusal, once a minute for an execution: hostile code must not fill the audit."""
        told = {
            "executionId": bearer.execution_id,
            "workflowId": bearer.workflow_id,
            "nodeId": str(node_id or "")[:100],
        }
        logger().error("a credential that is not named was asked for", said=told)
        count(Metric.FORGED)
        key, moment = bearer.execution_id or bearer.tenant_id, time.monotonic()
        if self._noted.get(key, 0.0) > moment:
            return
        if len(self._noted) >= MOST_KEPT:
            self._noted.clear()
        self._noted[key] = moment + NOTED_SECONDS
        entry = auditing.Entry(None, "credential.refused", id, {name: text for name, text in told.items() if text})

        def write(connection: Connection) -> None:
            auditing.write(connection, bearer.tenant_id, entry)

        try:
            self._link.tenant(bearer.tenant_id, write)
        except psycopg.Error as error:
            logger().warning("a refused credential is not in the audit", error=str(error))
