"""Wraps the data keys of all that is sealed anew, with the newest material of the KMS key: nothing stops meanwhile.

Data keys never leave KMS for this (`ReEncrypt`), and what they encrypt stays as it is. A row that somebody seals anew
at the same time is left as they made it. What was wrapped before opens as long as the key that wrapped it is enabled.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import psycopg

from stepweave_data.vaulting import context_of

SECONDS: Final = 240.0
"""After which a run ends and says where to go on; the function that runs it has 300."""
PAGE: Final = 100
PLACES: Final = (
    ("alert_rules", "id", "tenant_id::text"),
    ("credentials", "id", "tenant_id::text"),
    ("registrations", "id", "tenant_id::text"),
    ("sign_in_connections", "id", "tenant_id::text"),
    ("user_totp", "user_id", "'people'"),
)
"""Table, key, and what stands for the tenant in the encryption context. Tests compare it with the schema."""


class Keys(Protocol):
    """What is needed of KMS."""

    def rewrap(self, wrapped: bytes, key_id: str, context: dict[str, str]) -> tuple[bytes, str]:
        """Return a data key wrapped by `key_id`, and the ARN of the key that had wrapped it. Raises AwsError."""


@dataclass
class Rewrapped:
    """What a run did."""

    done: int = 0
    """Data keys that are wrapped anew."""
    failed: list[str] = field(default_factory=list)
    """Rows whose data key does not unwrap: `table/key`. They did not open before either."""
    by: Counter[str] = field(default_factory=Counter)
    """How many each KMS key had wrapped. Once only the newest stands here, a former one may go."""
    after: list[str] | None = None
    """Where to go on, where there was no time for all."""

    def to_json(self) -> dict[str, Any]:
        """Return it as the function answers."""
        told = {"status": "rewrapped", "done": self.done, "failed": self.failed, "wrappedBy": dict(self.by)}
        return told | ({"after": self.after} if self.after else {})


def rewrap(url: str, keys: Keys, key_id: str, after: list[str] | None = None, *, seconds: float = SECONDS) -> Rewrapped:
    """Wrap all data keys anew.

    Args:
        url: Postgres, as the owner, who sees all tenants' rows.
        keys: KMS.
        key_id: the key that is to wrap them.
        after: where a former run ended: a table and a key.
        seconds: how long it may take.

    Raises:
        AwsError: KMS cannot be reached, or may not be used. What was done is done; it may be run again.
        psycopg.Error: likewise.
    """
    ends, did = time.monotonic() + seconds, Rewrapped()
    tables = [table for table, _, _ in PLACES]
    table, last = after or (tables[0], "")
    with psycopg.connect(url, autocommit=True) as connection:
        for place in PLACES[tables.index(table) :]:
            while True:
                last = _page(connection, place, last, keys, key_id, did)
                if not last:
                    break
                if time.monotonic() > ends:
                    did.after = [place[0], last]
                    return did
    return did


def _page(
    connection: psycopg.Connection[Any],
    place: tuple[str, str, str],
    last: str,
    keys: Keys,
    key_id: str,
    did: Rewrapped,
) -> str:
    """Wrap a page of rows anew; return the key of the last, "" where there was none."""
    from stepweave.aws import AwsError

    table, key, tenant = place
    found = connection.execute(
        f"SELECT {key}::text, {tenant}, wrapped_key FROM {table} "  # noqa: S608  # names of our own
        f"WHERE wrapped_key IS NOT NULL AND {key} > %s::uuid ORDER BY {key} LIMIT {PAGE}".encode(),
        (last or "00000000-0000-0000-0000-000000000000",),
    ).fetchall()
    for id, tenant_id, wrapped in found:
        try:
            anew, by = keys.rewrap(bytes(wrapped), key_id, context_of(tenant_id, id))
        except AwsError as error:
            if error.code != "InvalidCiphertextException":
                raise
            did.failed.append(f"{table}/{id}")
            continue
        did.by[by] += 1
        update = f"UPDATE {table} SET wrapped_key = %s WHERE {key} = %s AND wrapped_key = %s"  # noqa: S608  # likewise
        did.done += connection.execute(update.encode(), (anew, id, wrapped)).rowcount
    return str(found[-1][0]) if found else ""
