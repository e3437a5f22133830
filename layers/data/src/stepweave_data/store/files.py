"""Files that a tenant keeps under paths: where their bytes lie, and how much all of them have.

A file is kept for `DAYS` after it was written. Past that it counts as absent, swept or not.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from stepweave.model.sizes import size_text
from stepweave_data.link import Connection
from stepweave_data.store.entries import moment
from stepweave_data.store.errors import StoreFull, StoreKeyInvalid, StoreValueInvalid

MOST_FILES: Final = 20_000
"""Of a tenant."""
MOST_BYTES: Final = 10 * 1024**3
"""Of a tenant, in all files."""
MOST_PATH: Final = 500
DAYS: Final = 89
"""The sweeper deletes objects that belong to nothing after 90 days (`functions.system.sweeper.retiring.STRAY`)."""
MOST_LINKS: Final = 20_000
"""Of a tenant, that work."""
PAGE: Final = 1_000
_LAST: Final = "\U0010ffff" * MOST_PATH
_AT: Final = "tenant_id = %s AND project_id = %s AND path = %s"
_COLUMNS: Final = "path, key, size, sha256, mime_type, expires_at, created_at, updated_at"
_HELD: Final = "SELECT pg_advisory_xact_lock(hashtextextended('files:' || %s, 0))"
_USED: Final = """
SELECT count(*), coalesce(sum(size), 0) FROM files
WHERE tenant_id = %s AND (project_id, path) <> (%s, %s) AND expires_at > clock_timestamp()
"""
_GET: Final = f"SELECT {_COLUMNS} FROM files WHERE {_AT} AND expires_at > clock_timestamp()"  # noqa: S608 - names of ours
_PUT: Final = f"""
INSERT INTO files (tenant_id, project_id, path, key, size, sha256, mime_type, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, clock_timestamp() + make_interval(days => %s))
ON CONFLICT (tenant_id, project_id, path) DO UPDATE SET key = excluded.key, size = excluded.size,
  sha256 = excluded.sha256, mime_type = excluded.mime_type, expires_at = excluded.expires_at, updated_at = now(),
  created_at = CASE WHEN files.expires_at > clock_timestamp() THEN files.created_at ELSE now() END
RETURNING {_COLUMNS}
"""  # noqa: S608 - names of ours
_LIST: Final = f"""
SELECT {_COLUMNS} FROM files
WHERE tenant_id = %s AND project_id = %s AND path >= %s AND path <= %s AND starts_with(path, %s) AND path > %s
  AND expires_at > clock_timestamp()
ORDER BY path LIMIT %s
"""  # noqa: S608 - names of ours
_SHARE: Final = f"""
INSERT INTO file_links (token_hash, tenant_id, project_id, path, expires_at)
SELECT %s, tenant_id, project_id, path, least(expires_at, clock_timestamp() + make_interval(secs => %s)) FROM files
WHERE {_AT} AND expires_at > clock_timestamp()
RETURNING path, expires_at
"""  # noqa: S608 - names of ours
_LINKS: Final = "SELECT count(*) FROM file_links WHERE tenant_id = %s AND expires_at > clock_timestamp()"
_UNSHARE: Final = f"DELETE FROM file_links WHERE {_AT}"  # noqa: S608 - names of ours
_DELETE: Final = f"DELETE FROM files WHERE {_AT} AND expires_at > clock_timestamp() RETURNING 1"  # noqa: S608 - names of ours


class Files:
    """The files of a project, within a transaction that is bound to the tenant."""

    def __init__(self, connection: Connection, tenant_id: UUID | str, project_id: UUID | str) -> None:
        self._connection, self._tenant_id = connection, str(tenant_id)
        self._mine = (self._tenant_id, str(project_id))

    def put(self, path: Any, file: Mapping[str, Any], *, if_absent: bool = False) -> dict[str, Any]:
        """Keep a file under a path and return it with `stored`, which is false where `if_absent` left what is there.

        Args:
            path: where.
            file: `key`, `size`, `sha256`, `mimeType` of an object of the tenant's.
            if_absent: leave what is there.

        Raises:
            StoreKeyInvalid: the path cannot be one.
            StoreValueInvalid: it is no file of the tenant's.
            StoreFull: there are `MOST_FILES`, or `MOST_BYTES`.
        """
        place, key, size = plain_path(path), str(file.get("key")), int(file.get("size") or 0)
        if not key.startswith(f"{self._tenant_id}/") or size < 0:
            raise StoreValueInvalid("This is no file of the workspace.", "Give one as nodes give them.", "file")
        self._connection.execute(_HELD, (self._tenant_id,))
        there = self._one(_GET, (*self._mine, place))
        if there is not None and if_absent:
            return {**_told(there), "stored": False}
        count, used = self._one(_USED, (*self._mine, place)) or (0, 0)
        if count >= MOST_FILES or used + size > MOST_BYTES:
            raise StoreFull(
                f"There are {count:,} files with {size_text(int(used))}; the most are {MOST_FILES:,} with "
                f"{size_text(MOST_BYTES)}.",
                "Delete some that nobody needs.",
                "path",
            )
        values = (*self._mine, place, key, size, str(file.get("sha256")), str(file.get("mimeType")), DAYS)
        row = self._one(_PUT, values)
        assert row is not None  # noqa: S101 - it returns what it wrote
        return {**_told(row), "stored": True}

    def get(self, path: Any) -> dict[str, Any] | None:
        """Return a file; None where there is none. Raises StoreKeyInvalid."""
        row = self._one(_GET, (*self._mine, plain_path(path)))
        return None if row is None else _told(row)

    def page(self, prefix: str, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        """Return files whose paths begin with a text, behind a path, and the last path where there may be more."""
        values = (*self._mine, prefix, prefix + _LAST, prefix, after, limit)
        found = [_told(row) for row in self._connection.execute(_LIST, values).fetchall()]
        return found, found[-1]["path"] if len(found) == limit else ""

    def delete(self, path: Any) -> bool:
        """Forget a file; return whether there was one. The bucket drops its bytes in time. Raises StoreKeyInvalid."""
        place = plain_path(path)
        self._connection.execute(_UNSHARE, (*self._mine, place))
        return self._one(_DELETE, (*self._mine, place)) is not None

    def share(self, path: Any, seconds: int) -> dict[str, Any] | None:
        """Make a link to what is under a path, and return `token`, `path` and `expiresAt`; None where nothing is.

        Whoever has the token gets what is kept there when they ask, also after it was replaced.

        Args:
            path: of the file.
            seconds: how long it works, at most until the file ends.

        Raises:
            StoreKeyInvalid: the path cannot be one.
            StoreFull: there are `MOST_LINKS`.
        """
        self._connection.execute(_HELD, (self._tenant_id,))
        (links,) = self._one(_LINKS, (self._tenant_id,)) or (0,)
        if links >= MOST_LINKS:
            raise StoreFull(f"There are {links:,} links to files, the most there may be.", "End some.", "path")
        token = secrets.token_urlsafe(24)
        row = self._one(_SHARE, (hash_of(token), seconds, *self._mine, plain_path(path)))
        return None if row is None else {"token": token, "path": row[0], "expiresAt": moment(row[1])}

    def unshare(self, path: Any) -> int:
        """End all links to a path; return how many there were. Raises StoreKeyInvalid."""
        return self._connection.execute(_UNSHARE, (*self._mine, plain_path(path))).rowcount

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return self._connection.execute(query, values).fetchone()


def hash_of(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def plain_path(path: Any) -> str:
    """Return a path without slashes before and behind it, and without empty parts. Raises StoreKeyInvalid."""
    parts = [part for part in str(path).split("/") if part] if isinstance(path, str) else []
    plain = "/".join(parts)
    if not plain or len(plain) > MOST_PATH or not plain.isprintable() or {".", ".."} & set(parts):
        raise StoreKeyInvalid(
            f"“{str(path)[:80]}” is no path.",
            f"Write one such as reports/2026/january.pdf, of at most {MOST_PATH} letters, without . and .. in it.",
            "path",
        )
    return plain


def _told(row: tuple[Any, ...]) -> dict[str, Any]:
    path, key, size, sha256, mime_type, expires_at, created_at, updated_at = row
    return {
        "path": path,
        "size": int(size),
        "mimeType": mime_type,
        "expiresAt": moment(expires_at),
        "createdAt": moment(created_at),
        "updatedAt": moment(updated_at),
        "key": key,
        "sha256": sha256,
    }
