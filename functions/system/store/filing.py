"""The store's operations on files that a tenant keeps under paths."""

import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from functions.system.store.asked import Asked, Do, Operation, within
from stepweave_data.link import Connection
from stepweave_data.store.files import DAYS, PAGE, Files

MOST_SECONDS: Final = DAYS * 86_400


def _put(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Files(connection, asked.tenant_id, asked.project(it)).put(
        it["path"], it["file"], if_absent=it.get("ifAbsent") is True
    )


def _get(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Files(connection, asked.tenant_id, asked.project(it)).get(it["path"])


def _list(connection: Connection, asked: Asked, it: Operation) -> Any:
    limit, prefix, after = within(it.get("limit"), PAGE), str(it.get("prefix") or ""), str(it.get("after") or "")
    found, next = Files(connection, asked.tenant_id, asked.project(it)).page(prefix, after, limit)
    return {"files": found, "next": next}


def _delete(connection: Connection, asked: Asked, it: Operation) -> Any:
    return {"deleted": Files(connection, asked.tenant_id, asked.project(it)).delete(it["path"])}


def _share(connection: Connection, asked: Asked, it: Operation) -> Any:
    seconds = within(it.get("seconds"), MOST_SECONDS)
    found = Files(connection, asked.tenant_id, asked.project(it)).share(it["path"], seconds)
    if found is None:
        return None
    origin = os.environ.get("STEPWEAVE_PUBLIC_URL", "").rstrip("/")
    name = quote(found["path"].rpartition("/")[2], safe="")
    return {
        "path": found["path"],
        "expiresAt": found["expiresAt"],
        "url": f"{origin}/api/shared/{found['token']}/{name}",
    }


def _unshare(connection: Connection, asked: Asked, it: Operation) -> Any:
    return {"ended": Files(connection, asked.tenant_id, asked.project(it)).unshare(it["path"])}


FILING: Final[Mapping[str, Do]] = {
    "putFile": _put,
    "getFile": _get,
    "files": _list,
    "deleteFile": _delete,
    "shareFile": _share,
    "unshareFile": _unshare,
}
