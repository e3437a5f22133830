"""Deletes executions whose time is over (ADR 77): their rows first, which says that they are deleted, then what is
stored of them. Postgres says which (`retire_executions`). A sweeper that dies leaves the rest to the next: rows go
whole families at a time, and what is stored of one is written down until storage has deleted it.
"""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from stepweave.aws import AwsError
from stepweave_data.link import Link, Row
from stepweave_data.telemetry import Metric, count, logger

TENANTS: Final = 20
"""Of one run. Each has a batch, then each a second one: who has much keeps nobody waiting."""
MOST: Final = 500
"""Executions of one transaction."""
STORED: Final = 1_000
"""Deleted executions whose objects are looked for in one run."""
AT_ONCE: Final = 8
"""Requests to storage."""
SECONDS: Final = 12.0
"""For rows, and for objects, of one run; no batch begins after it."""
STRAY: Final = timedelta(days=90)
"""Objects that belong to nothing go when they are as old: an execution may be told of long after it began."""
STRAYS_OF: Final = 2
"""Workspaces whose storage is looked through in one run, a page of each."""
MOST_OLD: Final = 5_000
"""Notes of deleted executions that go in one run."""

DeleteStored = Callable[[str, Collection[str], datetime | None], int]


@dataclass(frozen=True)
class Retiring:
    """Deletes executions. What it calls raises AwsError."""

    link: Link
    delete_stored: DeleteStored
    """Deletes what lies below a prefix but some keys, if it is older than a moment; says how much stays."""
    folders: Callable[[str, str], list[str]]
    """Gives the next names below a prefix, behind one."""

    def sweep(self, seconds: float = SECONDS) -> int:
        """Delete what is due, for a while; return how many executions went.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        gone = self._rows(time.monotonic() + seconds)
        self._objects(time.monotonic() + seconds)
        self._strays()
        self.link.call("SELECT sweep_deleted(%s)", (MOST_OLD,))
        return gone

    def _rows(self, ends: float) -> int:
        total, waiting = 0, [id for (id,) in self.link.rows("SELECT claim_retiring(%s)", (TENANTS,))]
        while waiting:
            again = []
            for id in waiting:
                found, gone = (0, 0)
                if is_time := time.monotonic() < ends:
                    found, gone = self.link.call("SELECT looked, gone FROM retire_executions(%s, %s)", (id, MOST)) or (
                        0,
                        0,
                    )
                total += gone
                if found > 0:
                    again.append(id)
                else:
                    self.link.call("SELECT looked_for_retiring(%s, %s)", (id, not is_time or found < 0))
            waiting = again
        return total

    def _objects(self, ends: float) -> None:
        found = self.link.rows("SELECT id, tenant_id, held, files FROM claim_stored(%s)", (STORED,))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for row, kept in zip(found, pool.map(lambda row: self._stored(row, ends), found), strict=True):
                if kept is not None:
                    self.link.call("SELECT stored_gone(%s, %s)", (row[0], kept))

    def _stored(self, row: Row, ends: float) -> bool | None:
        """Delete what is stored of an execution; return whether something stays, None where that is not done."""
        id, tenant_id, held, files = row
        if held:
            return True
        if time.monotonic() > ends:
            return None
        try:
            return bool(self.delete_stored(f"{tenant_id}/{id}/", files, None))
        except AwsError as error:
            logger().warning(
                "what is stored of an execution could not be deleted yet",
                tenant_id=str(tenant_id),
                execution_id=str(id),
                error=error.code,
            )
            count(Metric.UNAVAILABLE)
            return None

    def _strays(self) -> None:
        """Look through storage, a page of some workspaces, for old objects that belong to nothing."""
        for id, after in self.link.rows("SELECT id, after FROM claim_strays(%s)", (STRAYS_OF,)):
            try:
                names = self.folders(f"{id}/", after)
                for name, held, files in self.link.rows("SELECT name, held, files FROM strays_of(%s, %s)", (id, names)):
                    if not held:
                        self.delete_stored(f"{id}/{name}/", files, datetime.now(UTC) - STRAY)
            except AwsError as error:
                logger().warning("storage could not be looked through", tenant_id=str(id), error=error.code)
                count(Metric.UNAVAILABLE)
                continue
            self.link.call("SELECT looked_for_strays(%s, %s)", (id, names[-1] if names else ""))
