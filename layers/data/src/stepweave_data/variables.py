"""The workspace's variables as executions read them: once, when they start, in their environment (ADR 65)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from stepweave.expressions.variables import ALL
from stepweave.model.environments import PRODUCTION
from stepweave.runtime.errors import VariablesUnavailable
from stepweave.runtime.starting import Launch, Start

if TYPE_CHECKING:  # Postgres costs a cold start where nothing is read
    from stepweave_data.link import Connection, Link

_READ: Final = """
SELECT v.name, coalesce(x.value, CASE WHEN e.falls_back THEN p.value END)
FROM variables v CROSS JOIN environments e
LEFT JOIN variable_values x ON x.variable_id = v.id AND x.environment = e.key
LEFT JOIN variable_values p ON p.variable_id = v.id AND p.environment = 'production'
WHERE e.key = %s AND (%s OR v.name = ANY (%s))
  AND (x.value IS NOT NULL OR e.falls_back AND p.value IS NOT NULL)
"""
_NOTE: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        environment)
VALUES (%s, %s, %s, %s, %s, %s, 'queued', %s, now(), %s)
ON CONFLICT (id) DO UPDATE SET environment = excluded.environment
"""


@dataclass(frozen=True)
class Preparing:
    """Prepares starts (`starting.Prepare`). `link` gives the worker's connection."""

    link: "Callable[[], Link]"

    def __call__(self, it: Start) -> dict[str, Any]:
        """Return the variables that a workflow reads; note the environment of one that starts elsewhere.

        Raises:
            VariablesUnavailable: Postgres could not be reached.
        """
        import psycopg

        try:
            return self.link().tenant(it.target.tenant_id, lambda connection: prepared(connection, it))
        except psycopg.Error as error:
            words = f"The workspace's variables could not be read ({type(error).__name__})."
            raise VariablesUnavailable(words, "Try again in a moment.") from error


def prepared(connection: "Connection", it: Start) -> dict[str, Any]:
    """Do it within a transaction of the tenant's. Raises psycopg.Error."""
    target, names = it.target, list(it.target.variables)
    if target.environment != PRODUCTION:
        # Before the history begins, which leaves the environment as it is.
        note = (
            it.execution_id,
            target.tenant_id,
            target.workflow_id,
            target.workflow_version,
            it.mode,
            it.trigger,
            target.machine_type,
            target.environment,
        )
        connection.execute(_NOTE, note, prepare=True)
    if not names:
        return {}
    values = (target.environment, ALL in names, names)
    return dict(connection.execute(_READ, values, prepare=True).fetchall())


def all_there(connection: "Connection", environment: str) -> dict[str, Any]:
    """Return all variables that workflows read in an environment, by name. Raises psycopg.Error."""
    return dict(connection.execute(_READ, (environment, True, []), prepare=True).fetchall())


def launch(link: "Callable[[], Link]") -> Launch:
    """Return this worker's launch, which prepares starts. Raises as `Launch.shared`."""
    return replace(Launch.shared(), prepare=Preparing(link))
