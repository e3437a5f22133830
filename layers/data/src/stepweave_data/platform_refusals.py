"""Prints what was refused and belongs to no workspace (ADR 63): forged tokens, guessed addresses, unknown tickets.

python -m stepweave_data.platform_refusals             the last seven days, a line for each kind and five minutes
python -m stepweave_data.platform_refusals --days 90   as far back as they are kept
python -m stepweave_data.platform_refusals --kind token_invalid --json

It is for who runs the deployment: `STEPWEAVE_OWNER_DATABASE_URL` is Postgres's URL as the schema's
owner. The application's role is refused, for what is here has other tenants' people's addresses. On one machine the URL
is what `python -m local.stack.database` prints.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from stepweave_data.link import CONNECT_SECONDS

URL: Final = "STEPWEAVE_OWNER_DATABASE_URL"
MOST_DAYS: Final = 90
"""Rows that are older are deleted as new ones come."""
_ROWS: Final = """
SELECT kind, times, first_at, last_at, details FROM platform_refusals
WHERE last_at > now() - make_interval(days => %s) AND (%s::text IS NULL OR kind = %s) ORDER BY last_at DESC, id DESC
"""
_FACETS: Final = (("addresses", "address"), ("operations", "operation"), ("actors", "actor"))


def main(given: Sequence[str], url: str | None) -> int:
    """Print them; return the process's exit code: 2 for what cannot be asked for, 1 where Postgres does not tell."""
    about = "Prints what was refused and belongs to no workspace."
    parser = argparse.ArgumentParser(prog="python -m stepweave_data.platform_refusals", description=about)
    parser.add_argument("--days", type=_days, default=7, help=f"how far back, 1 to {MOST_DAYS} (7)")
    parser.add_argument("--kind", help="one code of refusals only, such as token_invalid")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each")
    asked = parser.parse_args(given)
    if not url:
        sys.stderr.write(f"Set {URL} to Postgres's URL as the schema's owner.\n")
        return 2
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            rows = connection.execute(_ROWS, (asked.days, asked.kind, asked.kind)).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        sys.stderr.write(f"This role may not read platform_refusals: {URL} must be of the schema's owner.\n")
        return 1
    except psycopg.Error as error:
        sys.stderr.write(f"Postgres did not tell: {str(error).strip()}\n")
        return 1
    for kind, times, first, last, details in rows:
        if asked.json:
            row = {"kind": kind, "times": times, "first": first.isoformat(), "last": last.isoformat(), **details}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(_line(kind, times, first, last, details) + "\n")
    if not rows:
        words = f"Nothing was refused in {asked.days} days" + (f" as {asked.kind}" if asked.kind else "")
        sys.stderr.write(f"{words}. What was within the last minutes is written when its five minutes are over.\n")
    return 0


def _line(kind: str, times: int, first: datetime, last: datetime, details: dict[str, Any]) -> str:
    """Return a row for people: when, what, how often, and the most frequent of each facet."""
    told = []
    for plural, one in _FACETS:
        named = [f"{entry[one]} ({entry['times']})" for entry in details.get(plural, ())]
        if others := details.get(f"other{plural.capitalize()}"):
            named.append(f"others ({others})")
        if named:
            told.append(", ".join(named))
    span = f"{first.astimezone(UTC):%Y-%m-%d %H:%M:%S} to {last.astimezone(UTC):%H:%M:%S} UTC"
    return "  ".join([span, f"{times:>6} x", f"{kind:<24}", *told])


def _days(given: str) -> int:
    if not (given.isdecimal() and given.isascii() and 1 <= int(given) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {MOST_DAYS}")
    return int(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ.get(URL)))
