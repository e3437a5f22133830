"""Deletes what the store and chats keep past its time: it counts as absent already, so nobody waits for this. And
puts into the audit what the vault wrote down."""

from typing import Final

from stepweave_data.link import Link

MOST: Final = 5_000
"""Rows of each table in one run."""


def folded(link: Link) -> int:
    """Put readings of credentials of all tenants into the audit; return how many.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT fold_reads(%s)", (MOST,))
    return int(row[0]) if row else 0


def expired(link: Link) -> int:
    """Delete keys, what was remembered for nodes, and old conversations, of all tenants; return how many rows.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT sweep_store(%s) + sweep_chats(%s)", (MOST, MOST))
    return int(row[0]) if row else 0
