"""H: pages of the list of executions among a million of one tenant, each filter beside the plain first page.

Has a Postgres of its own, in a temporary folder, and reads as the API does: the same function, the application's role,
row-level security on. Workflows are of very different sizes, most executions succeed, and a second tenant has rows too.
"""

import os
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from unittest.mock import patch

import psycopg
from sqlalchemy import func, select

from api.services import history, home
from api.services.history import Filter, Place
from api.services.tokens import Principal
from benchmarks.database import fresh_postgres
from benchmarks.figures import Figure, figure
from local.stack import database
from stepweave_data.database import engine, tenant_session
from stepweave_data.models import Execution

ROWS: Final = 1_000_000
NEIGHBOURS: Final = 200_000
WORKFLOWS: Final = 200
PAGE: Final = 50
ROUNDS: Final = 9
GOAL_MS: Final = 50.0
SPAN: Final = timedelta(days=365)


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the medians in milliseconds; `bare` is that of the plain first page."""
    with fresh_postgres() as settings:
        database.migrate(settings)
        say(f"H: making {ROWS + NEIGHBOURS:,} executions")
        principal = _fill(database.owner_url(settings))
        say(f"H: reading pages, {ROUNDS} times each")
        # Only here: what comes after in this process, or is started by it, would take that database for its own.
        with patch.dict(os.environ, {"STEPWEAVE_DATABASE_URL": database.app_url(settings)}):
            try:
                return _figures(principal)
            finally:
                engine(None).dispose()
                engine.cache_clear()


def _fill(owner: str) -> Principal:
    """Make the tenants with their executions and return the owner of the first."""
    with psycopg.connect(owner, autocommit=True) as connection:
        principals = []
        for mark, rows in (("many", ROWS), ("neighbour", NEIGHBOURS)):
            row = connection.execute(
                "SELECT user_id, tenant_id FROM auth_register(%s, 'Owner', 'hash', %s, %s)",
                (f"{mark}@example.com", mark, mark),
            ).fetchone()
            if row is None:
                raise RuntimeError("The tenant was not made.")
            connection.execute(
                "INSERT INTO workflows (tenant_id, name, document) "
                "SELECT %s, 'Workflow ' || n, '{\"nodes\": []}' FROM generate_series(1, %s) n",
                (row[1], WORKFLOWS),
            )
            connection.execute(_EXECUTIONS, {"tenant": row[1], "rows": rows, "span": SPAN, "workflows": WORKFLOWS})
            principals.append(Principal(row[0], row[1], "owner"))
        connection.execute("VACUUM ANALYZE")
    return principals[0]


# The n-th execution began n parts of the span ago. Workflow 1 has a quarter of them: schedules start it, and it never
# fails. Workflow 2 fails every other time; of the others 3 % fail, and one in ten thousand is in each of the rare
# states. Executions by hand never fail. The last workflow has three. Statistics of the whole table tell none of this.
_EXECUTIONS: Final = """
WITH flows AS (
       SELECT id, row_number() OVER (ORDER BY name = 'Workflow 1' DESC, name = 'Workflow 2' DESC, id) AS number
       FROM workflows WHERE tenant_id = %(tenant)s),
     drawn AS (
       SELECT n, hashint8(n) & 2147483647 AS draw,
              CASE WHEN n %% 300007 = 11 THEN %(workflows)s
                   ELSE 1 + floor(power(random(), 4) * (%(workflows)s - 2))::integer END AS flow
       FROM generate_series(1, %(rows)s) n),
     begun AS (
       SELECT *, CASE WHEN flow = 1 THEN 'schedule' WHEN draw %% 100 < 60 THEN 'webhook'
                      WHEN draw %% 100 < 90 THEN 'schedule' WHEN draw %% 100 < 98 THEN 'manual'
                      WHEN draw %% 1000 = 999 THEN 'error' ELSE 'workflow' END AS trigger
       FROM drawn),
     ended AS (
       SELECT *, CASE WHEN n <= 20 THEN 'running' WHEN flow = 1 OR trigger = 'manual' THEN 'succeeded'
                      WHEN n %% 250000 < 9 OR draw / 7 %% 1000 < 30 OR flow = 2 AND draw / 7 %% 2 = 0 THEN 'failed'
                      WHEN draw / 7 %% 10000 = 9999 THEN 'timed_out' WHEN draw / 7 %% 10000 = 9998 THEN 'cancelled'
                      ELSE 'succeeded' END AS status,
              now() - %(span)s * (n::double precision / %(rows)s) AS moment
       FROM begun)
INSERT INTO executions (
  id, tenant_id, workflow_id, workflow_version, mode, trigger, status, started_at, ended_at, error, last_seq)
SELECT gen_random_uuid(), %(tenant)s, flows.id, 1, CASE draw %% 10 WHEN 0 THEN 'draft' ELSE 'live' END, trigger, status,
       moment, CASE WHEN status NOT IN ('queued', 'running') THEN moment + interval '2 s' END,
       CASE WHEN status IN ('failed', 'timed_out') THEN jsonb_build_object(
         'type', CASE draw %% 7 WHEN 0 THEN 'RateLimited' WHEN 1 THEN 'Unauthorized' ELSE 'HttpError' END,
         'message', 'The server at shop-' || draw %% 5000 || '.example.com answered ' || 400 + draw %% 120 ||
                    CASE WHEN n %% 250000 < 9 THEN ': the licence has expired' ELSE ': try again later' END,
         'nodeId', 'n' || draw %% 40) END,
       20
FROM ended JOIN flows ON flows.number = flow
"""


def _figures(principal: Principal) -> list[Figure]:
    def read(wanted: Filter, before: Place | None = None) -> float:
        return _median(lambda: history.list_executions(principal, wanted, before, PAGE))

    bare = read(Filter())
    figures = [figure("H.first_ms", bare, at_most=GOAL_MS)]
    for name, (wanted, before) in _cases(principal).items():
        figures.append(figure(f"H.{name}_ms", read(wanted, before), bare, at_most=GOAL_MS))
    figures.append(figure("H.home_ms", _median(lambda: home.home(principal)), bare))
    return figures


def _cases(principal: Principal) -> dict[str, tuple[Filter, Place | None]]:
    """Return what is asked for, by name."""
    first = history.list_executions(principal, Filter(), None, PAGE)
    now = datetime.now(UTC)
    largest, failing, *_, smallest = _by_size(principal)
    middle = (now - SPAN / 2, uuid.UUID(int=0))
    last = (now - SPAN + timedelta(minutes=5), uuid.UUID(int=0))
    week = Filter(since=now - timedelta(days=200), until=now - timedelta(days=193))
    unsuccessful = ("failed", "timed_out", "cancelled")
    return {
        "second": (Filter(), first.next),
        "middle": (Filter(), middle),
        "last": (Filter(), last),
        "week": (week, None),
        "failed": (Filter(statuses=("failed",)), None),
        "cancelled": (Filter(statuses=("cancelled",)), None),
        "unsuccessful_middle": (Filter(statuses=unsuccessful), middle),
        "rare_states": (Filter(statuses=("timed_out", "cancelled")), None),
        "open": (Filter(statuses=("running", "queued")), None),
        "largest_workflow": (Filter(largest), middle),
        "smallest_workflow": (Filter(smallest), None),
        "largest_workflow_unsuccessful": (Filter(largest, unsuccessful), None),
        "largest_workflow_by_hand": (Filter(largest, trigger="manual"), None),
        "failing_workflow_failed": (Filter(failing, ("failed",)), middle),
        "failing_workflow_queued": (Filter(failing, ("queued",)), None),
        "by_hand": (Filter(trigger="manual"), middle),
        "by_hand_unsuccessful": (Filter(statuses=unsuccessful, trigger="manual"), None),
        "by_schedule_cancelled": (Filter(statuses=("cancelled",), trigger="schedule"), None),
        "by_error": (Filter(trigger="error"), None),
        "succeeded_week": (replace(week, statuses=("succeeded",)), None),
        "unsuccessful_week": (replace(week, statuses=unsuccessful), None),
        "everything_week": (replace(week, workflow_id=failing, statuses=unsuccessful, trigger="webhook"), None),
        "text_in_most": (Filter(error="try again"), None),
        "text_in_some": (Filter(error="answered 417"), None),
        "text_in_few": (Filter(error="licence has expired"), None),
        "text_in_none": (Filter(error="no such words"), None),
        "text_in_none_of_largest_workflow": (Filter(largest, error="no such words"), None),
        "text_in_none_of_failing_workflow": (Filter(failing, error="no such words"), None),
        "text_in_none_by_webhook": (Filter(statuses=("failed",), trigger="webhook", error="no such words"), None),
    }


def _by_size(principal: Principal) -> list[uuid.UUID]:
    """Return the workflows, that with the most executions first."""
    with tenant_session(principal.tenant_id) as session:
        query = select(Execution.workflow_id).group_by(Execution.workflow_id).order_by(func.count().desc())
        return list(session.scalars(query))


def _median(read: Callable[[], object]) -> float:
    """Return how many milliseconds reading takes, once it has been read before."""
    read()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
