"""Items of node runs: those in S3 fetched, their lineage taken off."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from api import codes
from api.ports import Storage
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.retention import absent
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.model.lineage import without
from stepweave.runtime.claims import MOST_BATCH_BYTES
from stepweave.runtime.streaming import Reading

_SHOWN_BYTES: Final = 4 * 1024**2
"""Of a batch that is larger than can be read at once (`stepweave.runtime.streaming`): its first items are shown."""


@dataclass(frozen=True)
class Items:
    """A page of a port's items."""

    items: list[Any]
    total: int


def list_items(
    principal: Principal,
    storage: Callable[[], Storage],
    execution_id: uuid.UUID,
    node_id: str,
    *,
    iteration: str = "",
    direction: str,
    port: str,
    offset: int,
    limit: int,
) -> Items:
    """Return a page of what went into or came out of a port, stored batches fetched.

    Raises:
        Refused: `not_found`, `execution_deleted`, `items_gone`.
    """
    with rows_of(principal.tenant_id) as rows:
        run = rows.node_runs.find(execution_id, node_id, iteration)
        if run is None:
            gone = rows.retention.deleted(execution_id)
            raise codes.not_found("node run") if gone is None else absent(rows, execution_id)
    content = (run.input if direction == "in" else run.output) or {}
    found = content.get(port)
    batches = found if isinstance(found, list) else [found] if found else []
    total = sum(batch["count"] for batch in batches)
    items = without([item for batch in batches for item in resolved(batch, principal.tenant_id, storage)])
    return Items(items[offset : offset + limit], total)


def bare(ports: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what went into or came out of a node run, items without their lineage."""
    if ports is None:
        return None
    return {port: list(map(_bare, found)) if isinstance(found, list) else _bare(found) for port, found in ports.items()}


def _bare(batch: dict[str, Any]) -> dict[str, Any]:
    return batch | {part: without(batch[part]) for part in ("items", "preview") if part in batch}


def resolved(batch: dict[str, Any], tenant_id: uuid.UUID, storage: Callable[[], Storage]) -> list[Any]:
    """Return the items of a batch, those in S3 fetched. Raises Refused (`not_found`, `items_gone`)."""
    if "items" in batch:
        items: list[Any] = batch["items"]
        return items
    ref = batch.get("ref")
    if ref is None:
        preview: list[Any] = batch.get("preview", [])
        return preview
    if not str(ref["key"]).startswith(f"{tenant_id}/"):
        raise codes.not_found("stored data")
    if "range" not in ref and ref.get("size", 0) > MOST_BATCH_BYTES:
        return _first(ref, storage)
    part = tuple(ref["range"]) if "range" in ref else None
    try:
        content = storage().get(ref["bucket"], ref["key"], part)
    except AwsError as error:
        raise Refused(codes.ITEMS_GONE, "These items are no longer stored; run the workflow again.") from error
    if (len(content) != part[1]) if part else (hashlib.sha256(content).hexdigest() != ref["sha256"]):
        raise Refused(codes.ITEMS_GONE, "These items were changed after they were stored; run the workflow again.")
    try:
        stored: list[Any] = json.loads(content)
    except RecursionError:
        raise Refused(codes.TOO_DEEP, "These items are nested too deeply to be shown.") from None
    return stored


def _first(ref: dict[str, Any], storage: Callable[[], Storage]) -> list[Any]:
    """Return the first items of a large batch. Raises Refused (`items_gone`)."""
    try:
        content = storage().get(ref["bucket"], ref["key"], (0, _SHOWN_BYTES))
    except AwsError as error:
        raise Refused(codes.ITEMS_GONE, "These items are no longer stored; run the workflow again.") from error
    return list(Reading().more(content))
