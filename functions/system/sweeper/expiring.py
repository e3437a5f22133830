"""Deletes what the store and chats keep past its time: it counts as absent already, so nobody waits for this."""

from typing import Final

from stepweave_data.link import Link

MOST: Final = 5_000
"""Rows of each table in one run."""


def expired(link: Link) -> int:
    """Delete keys, what was remembered for nodes, and old conversations, of all tenants; return how many rows.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT sweep_store(%s) + sweep_chats(%s)", (MOST, MOST))
    return int(row[0]) if row else 0
