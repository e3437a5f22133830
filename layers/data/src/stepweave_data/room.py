"""How much room a tenant's plan has for executions: so many at once, so many that begin in a minute, so many that wait.

Counted in Postgres, under a lock of the tenant, so that it holds over restarts and whoever starts. A tenant whose plan
has no such limit takes no lock and is not counted. An execution in which everything waits (for an approval, a time, a
workflow that it called) takes no room: it runs on without asking, and what it called cannot wait for it in vain
(`executions_running`, migration 0041).
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from stepweave_data.link import Connection
from stepweave_data.no_room import MINUTE, NoRoom

MONTH_SECONDS: Final = 3600
"""When to ask again where the month has no room: the plan may have changed."""
BUSY_SECONDS: Final = 5
"""When to ask again where as many run, or wait, as may: nobody knows when one ends."""
_LIMITS: Final = """
SELECT (p.limits ->> 'concurrent')::integer, (p.limits ->> 'starts')::integer, (p.limits ->> 'queue')::integer,
       (p.limits ->> 'executions')::bigint
FROM tenants t JOIN plans p ON p.name = t.plan WHERE t.id = %s
"""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('room ' || %s, 0))"
_RUNNING: Final = "SELECT executions_running(%s, %s)"
_BEGUN: Final = """
SELECT count(*), coalesce(extract(epoch FROM min(x.started_at) - now()), 0)::float + %s FROM executions x
WHERE x.tenant_id = %s AND x.started_at > now() - make_interval(secs => %s) AND x.id <> %s
  AND NOT EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id AND t.taken_at IS NULL)
"""
_WAITING: Final = """
SELECT count(*), count(*) FILTER (WHERE reason <> 'workflow') FROM execution_turns
WHERE tenant_id = %s AND taken_at IS NULL AND execution_id <> %s
"""


@dataclass(frozen=True)
class Limits:
    """What a plan allows; None: there is no limit."""

    concurrent: int | None = None
    starts: int | None = None
    queue: int | None = None
    month: int | None = None

    @property
    def bounded(self) -> bool:
        """Whether executions may have to wait for the plan."""
        return self.concurrent is not None or self.starts is not None


@dataclass(frozen=True)
class Room:
    """How many more executions may begin now, and, where none may, why."""

    free: int
    kind: str
    most: int
    seconds: int

    def refusal(self) -> NoRoom:
        """Return what to tell somebody who does not wait."""
        return NoRoom(self.kind, self.most, self.seconds)


def limits_of(connection: Connection, tenant_id: str) -> Limits:
    """Return the limits of the transaction's tenant."""
    row = connection.execute(_LIMITS.encode(), (tenant_id,), prepare=True).fetchone()
    return Limits(*row) if row is not None else Limits()


def room_of(connection: Connection, tenant_id: str, limits: Limits, besides: str) -> Room:
    """Return the room there is, and hold the tenant's lock to the transaction's end.

    Args:
        connection: a transaction of the tenant, which holds no workflow's lock yet.
        tenant_id: whose.
        limits: the plan's; at least one of them is there.
        besides: an execution that does not count, as it is the one that asks.
    """
    connection.execute(_LOCK.encode(), (tenant_id,), prepare=True)
    rooms = []
    if limits.concurrent is not None:
        free = limits.concurrent - int(_row(connection, _RUNNING, (tenant_id, besides))[0])
        rooms.append(Room(free, "concurrent", limits.concurrent, BUSY_SECONDS))
    if limits.starts is not None:
        begun, back = _row(connection, _BEGUN, (MINUTE, tenant_id, MINUTE, besides))
        rooms.append(Room(limits.starts - int(begun), "starts", limits.starts, max(math.ceil(back), 1)))
    return min(rooms, key=lambda it: it.free)


def check_month(connection: Connection, limits: Limits, more: int = 1) -> None:
    """See that the month has room for more executions.

    Others who ask wait for the transaction's end, where the plan has such a limit.

    Args:
        connection: a transaction of the tenant, which holds none of the locks of turns yet.
        limits: the plan's.
        more: how many, which are not written down yet.

    Raises:
        NoRoom: it has not.
    """
    if limits.month is not None and more > int(_row(connection, "SELECT executions_left()", ())[0]):
        raise NoRoom("executions", limits.month, MONTH_SECONDS)


def waiting(connection: Connection, tenant_id: str, besides: str) -> tuple[int, int]:
    """Return how many executions wait for their turn, and how many of them for the plan's room."""
    all_of_them, for_the_plan = _row(connection, _WAITING, (tenant_id, besides))
    return int(all_of_them), int(for_the_plan)


def _row(connection: Connection, query: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), values, prepare=True).fetchone()
    if row is None:
        raise LookupError("a count has a row")
    return row
