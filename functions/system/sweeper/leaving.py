"""Takes triggers' registrations away at their providers that a publish left there, until each is known to be gone.

A row is claimed by moving its `leave_after`: two sweepers do not ask for the same one, and one that dies leaves it to
the next. After `MOST_TRIES` it has `failed`, which people see; then one of them must take it away at the provider.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave_data.link import Connection, Link
from stepweave_data.listening.registered import MOST_TRIES, Functions, Registered, pause_after, take_away
from stepweave_data.telemetry import Metric, count, logger

MOST: Final = 50
"""Looked at in one run."""
SECONDS: Final = 20.0
"""For one run; none begins after it."""

_LEAVING: Final = "SELECT id, tenant_id FROM leaving_registrations(%s)"
_CLAIM: Final = """
UPDATE registrations r SET status = 'leaving', tries = r.tries + 1, leave_after = now() + interval '5 minutes'
FROM tenants t WHERE t.id = r.tenant_id AND r.id = %s AND r.status IN ('joining', 'leaving') AND r.leave_after < now()
RETURNING r.workflow_id, r.node_id, r.type, r.version, r.params, r.address, r.ciphertext IS NOT NULL, r.tries, t.slug,
  (SELECT a.address FROM registrations a
   WHERE a.workflow_id = r.workflow_id AND a.node_id = r.node_id AND a.environment = r.environment
     AND a.status = 'active' AND a.id <> r.id LIMIT 1)
"""
_GONE: Final = "DELETE FROM registrations WHERE id = %s AND status = 'leaving'"
_NOT_GONE: Final = """
UPDATE registrations SET last_error = %s, status = %s, updated_at = now(),
       leave_after = now() + make_interval(secs => %s)
WHERE id = %s AND status = 'leaving'
"""


@dataclass(frozen=True)
class Leaving:
    """Takes registrations away. `kept` gives what `activate` gave, of a tenant's registration; raises NodeError."""

    link: Link
    functions: Functions
    kept: Callable[[str, str], dict[str, Any]]
    content_url: str

    def sweep(self) -> int:
        """Ask providers to forget what is due, and return how many are gone.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        ends, gone = time.monotonic() + SECONDS, 0
        for id, tenant_id in self.link.rows(_LEAVING, (MOST,)):
            if time.monotonic() > ends:
                break
            gone += self._left(str(tenant_id), str(id))
        return gone

    def _left(self, tenant_id: str, id: str) -> bool:
        row = self.link.tenant(tenant_id, lambda it: it.execute(_CLAIM.encode(), (id,)).fetchone())
        if row is None:
            return False  # somebody else sees to it
        workflow_id, node_id, type, version, params, address, has_kept, tries, slug, live = row
        it = Registered(id, tenant_id, str(workflow_id), node_id, type, version, params, address)
        active = replace(it, address=live).url(self.content_url, slug) if live else ""
        error = self._asked(it, slug, active, has_kept=has_kept)

        def write(connection: Connection) -> None:
            if error is None:
                connection.execute(_GONE.encode(), (id,))
                return
            status = "failed" if tries >= MOST_TRIES else "leaving"
            connection.execute(_NOT_GONE.encode(), (json.dumps(error), status, pause_after(tries), id))

        self.link.tenant(tenant_id, write)
        if error is not None:
            logger().warning("a trigger could not be taken away", tenant_id=tenant_id, registration=id, tries=tries)
            count(Metric.UNAVAILABLE)
        return error is None

    def _asked(self, it: Registered, slug: str, active: str, *, has_kept: bool) -> dict[str, Any] | None:
        """Have the provider forget one. Return why it did not."""
        try:
            kept = self.kept(it.tenant_id, it.id) if has_kept else None
        except CredentialMissing:
            kept = None  # the node finds the registration by its address
        except NodeError as error:
            return dict(error.to_json())
        return take_away(self.functions, replace(it, kept=kept), it.url(self.content_url, slug), active=active)
