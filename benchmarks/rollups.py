"""What rollups cost the recorder, and how fast the panels of Analytics are over those of 10 million executions.

    python -m benchmarks.rollups [--only recorder|panels]

Prints one JSON object. `recorder`: microseconds of recording an execution (median over all of its messages), with the
trigger that queues ends and without it, taken in turns in one run; and what counting one execution takes later, in the
sweeper. `panels`: milliseconds (median and slowest) of each panel, of 20 workflows with 3 nodes each over 13 months.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import psycopg

from benchmarks.database import fresh_postgres
from functions.system.sweeper.rolling_up import rolled_up
from local.stack import database
from stepweave.model.events import EventBatch, EventType
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from stepweave_data.link import Link

WARM: Final = 20
EACH: Final = 250
TWIN: Final = "without_rollups"
WORKFLOWS: Final = 20
NODES: Final = 3
DAYS: Final = 395
EXECUTIONS: Final = 10_000_000
REPEATS: Final = 5

_FILL: Final = """
INSERT INTO rollups (tenant_id, grain, level, at, workflow_id, version, node_id, trigger, succeeded, failed,
                     duration_ms, items, tokens, money, buckets, counts)
SELECT %(tenant)s, %(grain)s, n.level, now.at, n.workflow_id, n.version, n.node_id, n.trigger, n.runs, n.runs / 50,
       n.runs * 900, n.runs * 3, n.runs * 100, n.runs * 0.001,
       ARRAY(SELECT (150 + n.seed + b * 5)::smallint FROM generate_series(1, n.width) b),
       ARRAY(SELECT greatest(n.runs / n.width, 1)::integer FROM generate_series(1, n.width) b)
FROM generate_series(%(since)s::timestamptz, %(until)s::timestamptz, make_interval(mins => %(grain)s)) AS now(at)
CROSS JOIN (
  SELECT 0 AS level, NULL::uuid AS workflow_id, 0 AS version, '' AS node_id, t.trigger, 1 AS seed,
         %(runs)s * %(workflows)s / 2 AS runs, 40 AS width FROM (VALUES ('webhook'), ('schedule')) t(trigger)
  UNION ALL
  SELECT 1, w.id, 1, '', 'webhook', w.place %% 60, %(runs)s, %(width)s FROM bench_workflows w
  UNION ALL
  SELECT 2, w.id, 1, 'n' || k, 'webhook', (w.place + k * 7) %% 60, %(runs)s, %(width)s
  FROM bench_workflows w, generate_series(1, %(nodes)s) k) n
"""


def main() -> int:
    """Measure and print. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rollups", description=__doc__)
    parser.add_argument("--only", choices=("recorder", "panels"))
    only = parser.parse_args().only
    with fresh_postgres() as settings:
        database.migrate(settings)
        owner, app = database.owner_url(settings), database.app_url(settings)
        found: dict[str, Any] = {}
        if only != "panels":
            found["recorder"] = recorder(owner, app)
        if only != "recorder":
            found["panels"] = panels(owner, app)
        print(json.dumps(found, indent=1))
    return 0


def recorder(owner: str, app: str) -> dict[str, Any]:
    """Return the figures of recording with the trigger and without it: in two copies of one database, in turns."""
    tenant, workflow = tenant_of(owner)
    place, _, name = owner.rpartition("/")
    with psycopg.connect(f"{place}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TWIN} TEMPLATE {name}".encode())
    with psycopg.connect(f"{place}/{TWIN}") as connection:
        connection.execute("ALTER TABLE executions DISABLE TRIGGER to_be_counted")
    histories = {"with": History(app), "without": History(f"{app.rpartition('/')[0]}/{TWIN}")}
    times: dict[str, list[float]] = {name: [] for name in histories}
    for number in range(WARM + EACH):
        for which in random.sample(sorted(histories), 2):
            seconds = recorded(histories[which], execution(tenant, workflow))
            if number >= WARM:
                times[which].append(seconds)
    link = Link(app)
    began, counted = time.perf_counter(), rolled_up(link, 600)
    later = time.perf_counter() - began
    medians = {name: statistics.median(found) * 1e6 for name, found in times.items()}
    return {
        **{f"{name}Us": round(median) for name, median in medians.items()},
        "ratio": round(medians["with"] / medians["without"], 3),
        "ratioOfQuickestTenth": round(quickest(times["with"]) / quickest(times["without"]), 3),
        "countedLaterUs": round(later / max(counted, 1) * 1e6),
        "counted": counted,
    }


def quickest(times: list[float]) -> float:
    """Return the bound of the quickest tenth, which other work on the machine disturbs least."""
    return statistics.quantiles(times, n=10)[0]


def recorded(history: History, messages: list[EventBatch]) -> float:
    """Record an execution; return the seconds that it took."""
    began = time.perf_counter()
    for message in messages:
        history.record(message["context"]["tenantId"], [message])
    return time.perf_counter() - began


def execution(tenant: str, workflow: str) -> list[EventBatch]:
    """Return an execution's messages."""
    id = str(uuid.uuid4())
    context: Any = {
        "tenantId": tenant,
        "executionId": id,
        "workflowId": workflow,
        "workflowName": "W",
        "workflowVersion": 1,
        "trigger": "webhook",
        "mode": "live",
        "startedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "timeZone": "UTC",
    }
    output: Any = {"main": {"count": 1, "items": [{"json": {"x": "y" * 200}}]}}

    def step(node: str) -> list[Any]:
        return [
            event(EventType.NODE_STARTED, nodeId=node, attempt=1),
            event(EventType.NODE_SUCCEEDED, nodeId=node, attempt=1, input={}, output=output, durationMs=12.5),
        ]

    start = event(EventType.EXECUTION_STARTED, id=f"{id}-started", trigger={"nodeId": "t", "machineType": "standard"})
    end = event(EventType.EXECUTION_SUCCEEDED, id=f"{id}-ended")
    return [{"context": context, "events": events} for events in ([start, *step("t")], step("a"), [end])]


def panels(owner: str, app: str) -> dict[str, Any]:
    """Return the milliseconds of each panel."""
    os.environ["STEPWEAVE_DATABASE_URL"] = app
    from api.repositories.rollups import Scope
    from api.services.analytics import faults, figures
    from api.services.analytics.ranges import Asked, Name
    from api.services.tokens import Principal

    tenant, _ = tenant_of(owner)
    workflows = filled(owner, tenant)
    who = Principal(user_id=uuid.uuid4(), tenant_id=uuid.UUID(tenant), role="owner")
    narrowed = Principal(user_id=uuid.uuid4(), tenant_id=uuid.UUID(tenant), role="viewer")
    found: dict[str, Any] = {}
    one = Scope(workflow_id=workflows[0])
    names: tuple[Name, ...] = ("24h", "30d", "90d", "12m")
    for name in names:
        asked = Asked(name=name, zone="Europe/Berlin")
        shown: dict[str, Callable[[], object]] = {
            "overview": partial(figures.overview, who, asked, Scope()),
            "overviewOfWorkflow": partial(figures.overview, who, asked, one),
            "overviewOfSomeProjects": partial(figures.overview, narrowed, asked, Scope()),
            "workflows": partial(figures.ranking, who, asked, Scope(), "slowest", nodes=False),
            "nodes": partial(figures.ranking, who, asked, Scope(), "costliest", nodes=True),
            "errors": partial(faults.faults, who, asked, Scope(), "all"),
        }
        for panel, show in shown.items():
            times = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                show()
                times.append((time.perf_counter() - began) * 1000)
            found[f"{panel} {name}"] = {"median": round(statistics.median(times)), "slowest": round(max(times))}
            print(panel, name, found[f"{panel} {name}"], file=sys.stderr, flush=True)
    return found


def filled(owner: str, tenant: str) -> list[uuid.UUID]:
    """Write the rollups of so many executions, spread evenly; return the workflows."""
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = until - timedelta(days=DAYS)
    with psycopg.connect(owner, autocommit=True) as connection:
        unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'rollups'::regclass AND contype = 'u'"
        name = (connection.execute(unique).fetchone() or ("",))[0]
        made = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
        constraint = (connection.execute(made, (name,)).fetchone() or ("",))[0]
        connection.execute(f"ALTER TABLE rollups DROP CONSTRAINT {name}".encode())
        connection.execute("DROP INDEX rollups_of_workflow")
        connection.execute("CREATE TABLE bench_workflows (id uuid, place bigint)")
        connection.execute(
            "WITH made AS (INSERT INTO workflows (tenant_id, name, document, saved_minutes) "
            "SELECT %s, 'W' || n, '{\"nodes\": []}', 1 FROM generate_series(1, %s) n RETURNING id) "
            "INSERT INTO bench_workflows SELECT id, row_number() OVER () FROM made",
            (tenant, WORKFLOWS),
        )
        # Written as a copy is loaded: without checks of keys that are known to be there, indexes last.
        connection.execute("SET session_replication_role = replica")
        for grain in (15, 1440):
            runs = EXECUTIONS / (DAYS * 1440 / grain) / WORKFLOWS
            values = {
                "tenant": tenant,
                "grain": grain,
                "since": since,
                "until": until + timedelta(days=1),
                "runs": max(round(runs), 1),
                "width": max(min(round(runs), 15), 1),
                "workflows": WORKFLOWS,
                "nodes": NODES,
            }
            connection.execute(_FILL.encode(), values)
        connection.execute(
            "INSERT INTO error_groups SELECT gen_random_uuid(), %s, w.id, 'n1', 'E' || k, 'm', 'm', "
            "now() - interval '1 y', now(), gen_random_uuid(), gen_random_uuid() "
            "FROM bench_workflows w, generate_series(1, 5) k",
            (tenant,),
        )
        connection.execute(
            "INSERT INTO error_counts SELECT %s, g.id, 1440, d, 3 FROM error_groups g, "
            "generate_series(%s::timestamptz, %s::timestamptz, '1 day') d",
            (tenant, since, until),
        )
        connection.execute(f"ALTER TABLE rollups ADD CONSTRAINT {name} {constraint}".encode())
        connection.execute(
            "CREATE INDEX rollups_of_workflow ON rollups (workflow_id, grain, level, at) WHERE workflow_id IS NOT NULL"
        )
        connection.execute("VACUUM ANALYZE rollups, error_counts, error_groups, workflows")
        return [row[0] for row in connection.execute("SELECT id FROM bench_workflows").fetchall()]


def tenant_of(owner: str) -> tuple[str, str]:
    """Return a new tenant and its workflow."""
    mark = uuid.uuid4().hex
    with psycopg.connect(owner) as connection:
        query = "SELECT tenant_id FROM auth_register(%s, 'P', 'x', %s, %s)"
        row = connection.execute(query, (f"{mark}@example.com", mark, mark)).fetchone()
        made = connection.execute(
            "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'W', '{}') RETURNING id",
            (row[0] if row else None,),
        ).fetchone()
    return str(row[0]) if row else "", str(made[0]) if made else ""


if __name__ == "__main__":
    sys.exit(main())
