"""Does a request's operations one after another, each in a transaction of its own, and once however often it comes."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import psycopg

from functions.system.store.asked import Asked
from functions.system.store.operations import OPERATIONS
from stepweave.model.sizes import size_text
from stepweave_data.link import Connection, Link, Places
from stepweave_data.store.done import once
from stepweave_data.store.errors import MemoryFull, StoreError, StoreFull

MOST: Final = 1_000
"""Operations in a request."""
SECONDS: Final = 20.0
"""For a request; no operation begins after it."""
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of an answer, about: Lambda's end at 6 MB (Lambda quotas)."""
QUOTA_STATE: Final = "SW402"
"""Of what Postgres refuses where a plan has no room (migrations 0037, 0043)."""
TURNS: Final = "turns"
"""The operation that is Redis's, not Postgres'."""
_GONE: Final = {
    "code": "ContextRefused",
    "message": "The workflow is not there any more.",
    "remedy": "Run another one.",
}
_WAIT: Final = "SET LOCAL lock_timeout = '15s'"


def serve(request: Mapping[str, Any], link: Link) -> dict[str, Any]:
    """Return `{"results"}`, fewer than there are operations where time or room ended, or one failed that all stop at.

    Args:
        request: as the handler says.
        link: Postgres.

    Raises:
        KeyError, ValueError, TypeError: it is no request.
        psycopg.Error, redis.RedisError: Postgres or Redis cannot be reached, or gave up. What was answered is done; the
            rest may be asked again.
    """
    tenant_id, operations = str(UUID(request["tenantId"])), request["operations"]
    if not isinstance(operations, list) or len(operations) > MOST:
        raise ValueError(f"operations are a list of at most {MOST}")
    workflow_id = str(UUID(request["workflowId"])) if request.get("workflowId") else ""
    asked = Asked(tenant_id, str(request.get("zone") or "UTC"), workflow_id)
    ends, room = time.monotonic() + SECONDS, MOST_BYTES
    results: list[dict[str, Any]] = []
    for operation in operations:
        if results and (time.monotonic() > ends or room <= 0):
            break
        result = _result(link, asked, operation)
        results.append(result)
        room -= len(json.dumps(result))
        if "error" in result and request.get("stop"):
            break
    return {"results": results}


def _result(link: Link, asked: Asked, operation: Mapping[str, Any]) -> dict[str, Any]:
    if operation["do"] == TURNS:
        from functions.system.store.turns import book  # with Redis's client, which tables do without

        try:
            return {"value": book(asked.tenant_id, dict(operation))}
        except StoreFull as error:
            return {"error": error.to_json()}
    do = OPERATIONS[operation["do"]]

    def work(connection: Connection, places: Places) -> dict[str, Any]:
        connection.execute(_WAIT)
        done = _bound(do, connection, replace(asked, places=places), operation)
        return {"value": once(connection, asked.tenant_id, str(operation.get("once") or ""), done)}

    try:
        result = link.kept(asked.tenant_id, asked.workflow_id or None, work)
        return {"error": _GONE} if result is None else result
    except StoreError as error:
        return {"error": error.to_json()}
    except psycopg.Error as error:
        if error.sqlstate != QUOTA_STATE:
            raise
        return {"error": _not_in_plan(str(error)).to_json()}


def _not_in_plan(told: str) -> StoreError:
    """Return what a step is told for whom the plan has no room; Postgres says `<kind> <most>`."""
    kind, most = told.split()[:2]
    full = MemoryFull if kind == "memories" else StoreFull
    what = size_text(int(most)) + " of what stores and files keep" if kind in ("stored", "bytes") else f"{most} {kind}"
    return full(f"The plan of this workspace has room for {what}.", "Delete what is not needed, or change the plan.")


def _bound(
    do: Callable[[Connection, Asked, Mapping[str, Any]], Any],
    connection: Connection,
    asked: Asked,
    operation: Mapping[str, Any],
) -> Callable[[], Any]:
    return lambda: do(connection, asked, operation)
