"""What the debugger answers for a stop: the items that somebody put in, checked and stored, and what a skip gives."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.services.compiling import catalogue
from api.services.workflows import MOST_PINNED_BYTES
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.model.sizes import size_text
from stepweave.model.workflow import Node
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import DataMissing, NodeError
from stepweave.runtime.results import item_problem, stored
from stepweave_data.models import DebugStop

MOST_ITEMS: Final = 1000
Inputs = dict[str, list[Batch]]


def answer(
    node: Node,
    stop: DebugStop,
    action: str,
    items: Mapping[str, list[Any]] | None,
    claims: Claims,
    tenant_id: uuid.UUID,
) -> dict[str, Any]:
    """Return what the stop's Task ends with (`stepweave.compiler.kinds.stop`).

    Raises:
        Refused: `edit_refused` with where and why; `items_gone`; `not_resumed` where they cannot be stored now.
    """
    found: dict[str, Any] = {"attempts": stop.number}
    if action == "fail":
        return found | {"fails": True}
    came_in: Inputs = stop.details["inputs"]
    try:
        inputs = came_in if items is None else _edited(came_in, items, claims, stop, str(tenant_id))
        if items is not None or stop.reason == "error":
            found["inputs"] = inputs
        if action == "skip":
            found["skip"] = {"output": _passed_over(node, inputs, claims, stop, str(tenant_id))}
    except DataMissing as error:
        raise Refused(codes.ITEMS_GONE, "The items that wait here are no longer stored.") from error
    except NodeError as error:
        raise Refused(codes.EDIT_REFUSED, error.message) from error
    return found


def _edited(came_in: Inputs, items: Mapping[str, list[Any]], claims: Claims, stop: DebugStop, tenant_id: str) -> Inputs:
    check(came_in, items)
    whole: Inputs = {}
    for port, batches in came_in.items():
        if port not in items:
            whole[port] = batches
            continue
        before = claims.fetch(batches[0], tenant_id) if len(batches) == 1 else []
        put_in = [_with_origin(item, before, index) for index, item in enumerate(items[port])]
        output = stored({port: put_in}, claims, _key(stop, tenant_id), INLINE_LIMIT)
        kept = {"of": batches[0]["of"]} if len(batches) == 1 and "of" in batches[0] else {}
        whole[port] = [{**batch, **kept} for batch in output.values()]  # type: ignore[typeddict-item]
    return whole


def _with_origin(item: Item, before: list[Item], index: int) -> Item:
    """Return an edited item with the lineage of the one in whose place it is."""
    origin = before[index].get("origin") if index < len(before) else None
    return {**item, "origin": origin} if origin is not None else item


def check(came_in: Inputs, items: Mapping[str, list[Any]]) -> None:
    """Raise Refused (`edit_refused`) for what is no list of items, goes into no port, or is too much."""
    errors = [
        {
            "field": f"items.{port}",
            "message": f"The node has no input {port!r}; it has {', '.join(map(repr, came_in))}.",
        }
        for port in items
        if port not in came_in
    ]
    for port, found in items.items():
        if len(found) > MOST_ITEMS:
            message = f"These are {len(found):,} items; at most {MOST_ITEMS:,} are put in by hand."
            errors.append({"field": f"items.{port}", "message": message})
        errors += [
            {"field": f"items.{port}.{index}", "message": f"This is no item: {problem}."}
            for index, item in enumerate(found)
            if (problem := item_problem(item))
            or (problem := "`origin` is not yours to say" if "origin" in item else "")
        ]
    if not any(items.get(port, batches) for port, batches in came_in.items()):
        errors.append({"field": "items", "message": "No item is left, and a node without items does not run: skip it."})
    size = len(json.dumps(items))
    if size > MOST_PINNED_BYTES:
        message = f"This is {size_text(size)} of items; at most {size_text(MOST_PINNED_BYTES)} are put in by hand."
        errors.append({"field": "items", "message": message})
    if errors:
        raise Refused(codes.EDIT_REFUSED, errors[0]["message"], errors[:100])


def _passed_over(node: Node, inputs: Inputs, claims: Claims, stop: DebugStop, tenant_id: str) -> dict[str, Batch]:
    """Return what a node gives that is passed over: as a disabled one, its first input on its first output."""
    entry = catalogue().get(node.type, node.version)
    ports = entry.ports(node.params) if entry is not None else ()
    batches = next((found for found in inputs.values() if found), [])
    if not ports or not batches:
        return {}
    if len(batches) == 1:
        only = {name: value for name, value in batches[0].items() if name != "of"}
        return {ports[0].name: only}  # type: ignore[dict-item]  # a batch without `of`
    together = [item for batch in batches for item in claims.fetch(batch, tenant_id)]
    return stored({ports[0].name: together}, claims, _key(stop, tenant_id), INLINE_LIMIT)


def _key(stop: DebugStop, tenant_id: str) -> str:
    place = f"{stop.iteration}/" if stop.iteration else ""
    return f"{tenant_id}/{stop.execution_id}/{stop.node_id}/{place}stop-{stop.number}"
