"""Counts executions that have ended, and days that are to be counted anew (ADR 68): Postgres does it, here is when."""

import time
from typing import Final

from stepweave_data.link import Link

MOST: Final = 500
"""Executions of one transaction."""
SECONDS: Final = 12.0
"""For one run; no transaction begins after it."""
MOST_OLD: Final = 5_000
"""Rows past their time that go in one run."""


def rolled_up(link: Link, seconds: float = SECONDS) -> int:
    """Count what waits for it, of all tenants, then days that are to be counted anew; return how many executions.

    Raises:
        psycopg.Error: the rest is left to the next run.
    """
    ends, counted = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        row = link.call("SELECT roll_up(%s)", (MOST,))
        if not (row and row[0]):
            break
        counted += row[0]
    while time.monotonic() < ends:
        row = link.call("SELECT rebuild_rollup_day()")
        if row is None or row[0] is None:
            break
        counted += max(row[0], 0)
    link.call("SELECT sweep_rollups(%s)", (MOST_OLD,))
    return counted
