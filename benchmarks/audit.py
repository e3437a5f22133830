"""What an entry of the audit costs: the same transactions with the chain and without it, alone and eight at once.

    python -m benchmarks.audit

Prints one JSON object: microseconds of a transaction with one entry (median), and transactions a second of eight
writers of one tenant; both with the chain and with its trigger off; seconds that checking the chain takes, by entries.
"""

import json
import statistics
import sys
import threading
import time
import uuid
from typing import Any, Final

import psycopg

from benchmarks.database import fresh_postgres
from local.stack import database
from stepweave_data.auditing import Entry, write
from stepweave_data.link import Link

ONE: Final = 500
EACH: Final = 150
WRITERS: Final = 8


def main() -> int:
    """Measure and print. Returns 0."""
    with fresh_postgres() as settings:
        database.migrate(settings)
        owner, app = database.owner_url(settings), database.app_url(settings)
        found: dict[str, Any] = {}
        for name, state in (("chained", "ENABLE"), ("alone", "DISABLE"), ("chained again", "ENABLE")):
            with psycopg.connect(owner) as connection:
                connection.execute(f"ALTER TABLE audit {state} TRIGGER audit_is_chained".encode())
            found[name] = measured(owner, app)
        print(json.dumps(found, indent=1))
    return 0


def measured(owner: str, app: str) -> dict[str, float]:
    """Return the figures of one tenant."""
    mark = uuid.uuid4().hex
    with psycopg.connect(owner) as connection:
        query = "SELECT tenant_id FROM auth_register(%s, 'P', 'x', %s, %s)"
        row = connection.execute(query, (f"{mark}@example.com", mark, mark)).fetchone()
    tenant = str(row[0]) if row else ""
    times = worked(app, tenant, ONE)
    began = time.perf_counter()
    writers = [threading.Thread(target=worked, args=(app, tenant, EACH)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rate = WRITERS * EACH / (time.perf_counter() - began)
    began = time.perf_counter()
    Link(app).tenant(tenant, lambda it: it.execute("SELECT * FROM audit_verify(100)").fetchall())
    checked = time.perf_counter() - began
    return {
        "us": round(statistics.median(times) * 1e6),
        "perSecondOfEight": round(rate),
        "entries": ONE + WRITERS * EACH,
        "checkedSeconds": round(checked, 3),
    }


def worked(app: str, tenant: str, times: int) -> list[float]:
    """Return the seconds of each of so many transactions with one entry."""
    link, entry, found = Link(app), Entry(None, "bench.one", tenant, {"a": 1}), []
    for _ in range(times):
        began = time.perf_counter()
        link.tenant(tenant, lambda it: write(it, tenant, entry))
        found.append(time.perf_counter() - began)
    link.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
