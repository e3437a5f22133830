"""Deletes what the store and chats keep past its time: it counts as absent already, so nobody waits for this. And
puts into the audit what the vault wrote down, and what the doors refused."""

from typing import Final

import redis

from stepweave_data import refused
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, logger

MOST: Final = 5_000
"""Rows of each table in one run."""


def folded(link: Link) -> int:
    """Put readings of credentials of all tenants into the audit; return how many.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT fold_reads(%s)", (MOST,))
    return int(row[0]) if row else 0


def refusals_folded(link: Link, client: redis.Redis) -> int:
    """Put what was refused into the audit of whom it was tried at; return how many entries. Raises psycopg.Error."""
    try:
        return refused.fold(client, link)
    except redis.RedisError as error:
        logger().warning("what was refused is not in the audit yet", error=repr(error))
        count(Metric.UNAVAILABLE)
        return 0


def expired(link: Link) -> int:
    """Delete keys, what was remembered for nodes, and old conversations, of all tenants; return how many rows.

    Raises:
        psycopg.Error: they are left to the next run.
    """
    row = link.call("SELECT sweep_store(%s) + sweep_chats(%s)", (MOST, MOST))
    return int(row[0]) if row else 0
