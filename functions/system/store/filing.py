"""The store's operations on files that a tenant keeps under paths."""

from collections.abc import Mapping
from typing import Any, Final

from functions.system.store.asked import Asked, Do, Operation, within
from stepweave_data.link import Connection
from stepweave_data.store.files import PAGE, Files


def _put(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Files(connection, asked.tenant_id).put(it["path"], it["file"], if_absent=it.get("ifAbsent") is True)


def _get(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Files(connection, asked.tenant_id).get(it["path"])


def _list(connection: Connection, asked: Asked, it: Operation) -> Any:
    limit, prefix, after = within(it.get("limit"), PAGE), str(it.get("prefix") or ""), str(it.get("after") or "")
    found, next = Files(connection, asked.tenant_id).page(prefix, after, limit)
    return {"files": found, "next": next}


def _delete(connection: Connection, asked: Asked, it: Operation) -> Any:
    return {"deleted": Files(connection, asked.tenant_id).delete(it["path"])}


FILING: Final[Mapping[str, Do]] = {"putFile": _put, "getFile": _get, "files": _list, "deleteFile": _delete}
