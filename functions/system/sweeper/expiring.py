"""Deletes what the store keeps past its time: it counts as absent already, so nobody waits for this."""

from typing import Final

from stepweave_data.link import Link

MOST: Final = 5_000
"""Rows of each table in one run."""


def expired(link: Link) -> int:
    """Delete keys, and what was remembered for nodes, of all tenants; return how many rows.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT sweep_store(%s)", (MOST,))
    return int(row[0]) if row else 0
