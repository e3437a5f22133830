"""Values by key, in stores that are there as soon as something is in them.

A key past its time counts as absent, swept or not. Times are those of the database at the moment of the operation,
after it has waited for others, so that what expires meanwhile is expired.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from stepweave_data.link import Connection
from stepweave_data.store.errors import StoreExists, StoreFull, StoreValueInvalid
from stepweave_data.store.values import MOST_KEY, added, json_of, key_text, name_text

MOST_KEYS: Final = 100_000
"""Of a tenant, in all stores."""
LONGEST_SECONDS: Final = 10 * 366 * 86_400
PAGE: Final = 1_000
_ROOM: Final = 3 * 1024 * 1024
"""Bytes of values in a page, about."""
_LAST: Final = "\U0010ffff" * MOST_KEY
"""Behind every key that begins with the text before it."""

_GET: Final = """
SELECT value, expires_at, updated_at FROM store_entries
WHERE tenant_id = %s AND project_id = %s AND store = %s AND key = %s
  AND (expires_at IS NULL OR expires_at > clock_timestamp())
"""
_HOLD: Final = """
SELECT expires_at IS NULL OR expires_at > clock_timestamp(), value, expires_at FROM store_entries
WHERE tenant_id = %s AND project_id = %s AND store = %s AND key = %s FOR UPDATE
"""
_ADD: Final = """
INSERT INTO store_entries (tenant_id, project_id, store, key, value) VALUES (%s, %s, %s, %s, 'null')
ON CONFLICT DO NOTHING RETURNING 1
"""
_COUNT: Final = "SELECT count(*) FROM (SELECT FROM store_entries WHERE tenant_id = %s LIMIT %s) AS found"
_WRITE: Final = """
UPDATE store_entries SET value = %s, expires_at = CASE
    WHEN %s THEN expires_at WHEN %s::float8 IS NULL THEN NULL ELSE clock_timestamp() + make_interval(secs => %s) END,
  created_at = CASE WHEN %s THEN now() ELSE created_at END, updated_at = now()
WHERE tenant_id = %s AND project_id = %s AND store = %s AND key = %s RETURNING expires_at
"""
_DELETE: Final = "DELETE FROM store_entries WHERE tenant_id = %s AND project_id = %s AND store = %s AND key = %s"
_LIST: Final = """
SELECT key, value, expires_at, updated_at, total FROM (
  SELECT *, sum(octet_length(value::text)) OVER (ORDER BY key) AS size, row_number() OVER (ORDER BY key) AS place,
    count(*) OVER () AS total
  FROM (
    SELECT key, value, expires_at, updated_at FROM store_entries
    WHERE tenant_id = %s AND project_id = %s AND store = %s AND key >= %s AND key <= %s
      AND starts_with(key, %s) AND key > %s
      AND (expires_at IS NULL OR expires_at > clock_timestamp())
    ORDER BY key LIMIT %s
  ) AS found
) AS sized WHERE (size <= %s OR place = 1) AND place <= %s ORDER BY key
"""
_STORES: Final = """
SELECT store, count(*), project_id FROM store_entries WHERE tenant_id = %s AND (%s::uuid IS NULL OR project_id = %s)
  AND (expires_at IS NULL OR expires_at > clock_timestamp())
GROUP BY store, project_id ORDER BY store, project_id
"""
_EMPTY: Final = "DELETE FROM store_entries WHERE tenant_id = %s AND project_id = %s AND store = %s"
_GIVE: Final = """
UPDATE store_entries SET project_id = %s WHERE tenant_id = %s AND project_id = %s AND store = %s
"""
_THERE: Final = """
SELECT 1 FROM store_entries WHERE tenant_id = %s AND project_id = %s AND store = %s
  AND (expires_at IS NULL OR expires_at > clock_timestamp()) LIMIT 1
"""


Place = tuple[str, str, str, str]
"""Tenant, project, store, key."""


@dataclass(frozen=True, slots=True)
class Held:
    """A key whose row is locked: `is_new` where there was none, or one past its time."""

    is_new: bool
    value: Any
    expires_at: datetime | None


class Entries:
    """The keys of a project, within a transaction that is bound to the tenant."""

    def __init__(self, connection: Connection, tenant_id: UUID | str, project_id: UUID | str) -> None:
        self._connection, self._tenant_id, self._project_id = connection, str(tenant_id), str(project_id)

    @property
    def project_id(self) -> str:
        """Whose they are."""
        return self._project_id

    def get(self, store: Any, key: Any) -> dict[str, Any]:
        """Return `{key, found, value, expiresAt, updatedAt}`; value and times are null for what is absent.

        Raises:
            StoreKeyInvalid: key or store cannot be one.
        """
        place = self._place(store, key)
        row = self._one(_GET, place)
        value, expires_at, updated_at = row or (None, None, None)
        return {
            "key": place[3],
            "found": row is not None,
            "value": value,
            "expiresAt": moment(expires_at),
            "updatedAt": moment(updated_at),
        }

    def set(self, store: Any, key: Any, value: Any, seconds: float | None = None, *, if_absent: bool = False) -> Any:
        """Store a value and return `{key, stored, created, value, expiresAt}`, `value` as it is there then.

        Args:
            store: in which store.
            key: at which key.
            value: JSON data.
            seconds: after which it is absent again; None keeps it for ever, also where it had a time before.
            if_absent: leave what is there.

        Raises:
            StoreKeyInvalid, StoreValueInvalid: they cannot be stored.
            StoreFull: there are `MOST_KEYS` keys.
        """
        place, text, seconds = self._place(store, key), json_of(value), lifetime(seconds)
        held = self._hold(place)
        if if_absent and not held.is_new:
            kept = {"value": held.value, "expiresAt": moment(held.expires_at)}
            return {"key": place[3], "stored": False, "created": False, **kept}
        expires_at = self._write(place, text, seconds, is_new=held.is_new, keep=False)
        there = {"value": value, "expiresAt": moment(expires_at)}
        return {"key": place[3], "stored": True, "created": held.is_new, **there}

    def increment(self, store: Any, key: Any, by: Any, start: Any = 0, seconds: float | None = None) -> dict[str, Any]:
        """Add to a number and return `{key, value, created, expiresAt}`.

        Args:
            store: in which store.
            key: at which key.
            by: what is added; negative takes away.
            start: what an absent key counts from.
            seconds: how long a key that is new is kept; one that is there keeps its time, so that a window ends.

        Raises:
            StoreNotNumber: the value or `by` is no number, or the sum does not keep its digits.
            StoreKeyInvalid, StoreFull: as `set`.
        """
        place, seconds = self._place(store, key), lifetime(seconds)
        held = self._hold(place)
        total = added(start if held.is_new else held.value, by)
        expires_at = self._write(place, json_of(total), seconds, is_new=held.is_new, keep=not held.is_new)
        return {"key": place[3], "value": total, "created": held.is_new, "expiresAt": moment(expires_at)}

    def delete(self, store: Any, key: Any) -> dict[str, Any]:
        """Delete a key and return `{key, deleted, value}`: whether there was one, and what it had."""
        place = self._place(store, key)
        row = self._one(_HOLD, place)
        self._connection.execute(_DELETE.encode(), place, prepare=True)
        was = row is not None and bool(row[0])
        return {"key": place[3], "deleted": was, "value": row[1] if row is not None and was else None}

    def page(
        self, store: Any, prefix: str = "", after: str = "", limit: int = PAGE
    ) -> tuple[list[dict[str, Any]], str]:
        """Return the entries whose keys begin with `prefix`, by key in the order of code points, behind `after`.

        A page has at most `limit`, and fewer where values are large.

        Returns:
            `{key, value, expiresAt, updatedAt}` each, and the `after` of the next page; "" where none follow.
        """
        prefix = key_text(prefix) if prefix else ""
        where = (self._tenant_id, self._project_id, name_text(store, "store"), prefix, prefix + _LAST, prefix, after)
        values = (*where, limit + 1, _ROOM, limit)
        rows = self._connection.execute(_LIST.encode(), values, prepare=True).fetchall()
        found = [
            {"key": key, "value": value, "expiresAt": moment(expires_at), "updatedAt": moment(updated_at)}
            for key, value, expires_at, updated_at, _ in rows
        ]
        return found, found[-1]["key"] if rows and rows[0][4] > len(rows) else ""

    def stores(self) -> list[tuple[str, int]]:
        """Return the stores that have something, by name, each with how many keys."""
        return [(name, keys) for name, keys, _ in stores_of(self._connection, self._tenant_id, self._project_id)]

    def empty(self, store: Any) -> int:
        """Delete all keys of a store and return how many there were."""
        return self._connection.execute(_EMPTY.encode(), self._named(store)).rowcount

    def give(self, store: Any, project_id: UUID | str) -> int:
        """Give a store to another project and return how many keys it has.

        Raises:
            StoreExists: there is one of this name.
        """
        name = name_text(store, "store")
        if self._one(_THERE, (self._tenant_id, str(project_id), name)) is not None:
            raise StoreExists(f"The project has a store “{name}” already.", "Empty one of the two.", "store")
        self._connection.execute(_EMPTY.encode(), (self._tenant_id, str(project_id), name))  # keys past their time
        return self._connection.execute(_GIVE.encode(), (str(project_id), *self._named(name))).rowcount

    def _place(self, store: Any, key: Any) -> Place:
        return *self._named(store), key_text(key)

    def _named(self, store: Any) -> tuple[str, str, str]:
        return self._tenant_id, self._project_id, name_text(store, "store")

    def _hold(self, place: Place) -> Held:
        """Lock a key's row, made first where there is none. Raises StoreFull."""
        while True:
            row = self._one(_HOLD, place)
            if row is not None:
                is_live, value, expires_at = row
                return Held(not is_live, value if is_live else None, expires_at if is_live else None)
            [count] = self._one(_COUNT, (self._tenant_id, MOST_KEYS)) or (0,)
            if count >= MOST_KEYS:
                raise StoreFull(
                    f"There are {MOST_KEYS:,} keys already.", "Delete some, or give keys a time to live.", "key"
                )
            if self._one(_ADD, place) is not None:
                return Held(True, None, None)

    def _write(self, place: Place, text: str, seconds: float | None, *, is_new: bool, keep: bool) -> datetime | None:
        row = self._one(_WRITE, (text, keep, seconds, seconds, is_new, *place))
        expires_at: datetime | None = row[0] if row else None
        return expires_at

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return self._connection.execute(query.encode(), values, prepare=True).fetchone()


def stores_of(
    connection: Connection, tenant_id: UUID | str, project_id: UUID | str | None = None
) -> list[tuple[str, int, UUID]]:
    """Return the stores that have something, by name: how many keys, and whose; of a project, or all that are seen."""
    rows = connection.execute(_STORES.encode(), (tenant_id, project_id, project_id)).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def lifetime(seconds: Any) -> float | None:
    """Return a time to live; None for ever. Raises StoreValueInvalid."""
    if seconds is None:
        return None
    number = seconds if isinstance(seconds, int | float) and not isinstance(seconds, bool) else -1
    if not 0 < number <= LONGEST_SECONDS:
        raise StoreValueInvalid(
            f"The time to live is {seconds!r} seconds; more than 0 and at most ten years are allowed.",
            "Give a positive number, or none to keep the value for ever.",
            "ttl",
        )
    return float(number)


def moment(at: datetime | None) -> str | None:
    """Return a time as JSON has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
