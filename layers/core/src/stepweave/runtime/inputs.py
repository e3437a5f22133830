"""A step's input: its items, fetched where they are stored, and the batches as they are told of."""

from itertools import islice
from typing import Any

from stepweave.model.items import Batch, Item
from stepweave.model.lineage import placed
from stepweave.model.step import StepPayload
from stepweave.runtime.claims import Claims
from stepweave.runtime.streaming import LISTED_BYTES, PEEKED, each_item


def fetched_inputs(payload: StepPayload, claims: Claims, *, streams: bool = False) -> dict[str, list[Item]]:
    """Return the items of each input port, in edge order. Raises as `Claims.fetch` does.

    Args:
        payload: of the step.
        claims: where they are stored.
        streams: whether of many items the first ones are enough, for the node takes them one after another.
    """
    inputs: dict[str, list[Item]] = {}
    for port, batches in payload["inputs"].items():
        if streams and sum(batch["ref"]["size"] for batch in batches if "ref" in batch) > LISTED_BYTES:
            first = list(islice(each_item(batches, payload["context"]["tenantId"], claims), PEEKED))
            of = batches[0].get("of") if batches[0]["count"] >= PEEKED else None
            inputs[port] = placed(first, of[0], of[1], payload["iteration"]) if of else first
            continue
        parts = [_fetched(batch, payload, claims) for batch in batches]
        items = parts[0] if len(parts) == 1 else [entry for part in parts for entry in part]
        inputs[port] = items[:1] if payload["settings"].get("executeOnce") else items
    return inputs


def told_inputs(payload: StepPayload) -> dict[str, list[Batch]]:
    """Return the input as it is told of, and as behaviours see it: without whose output it is."""
    inputs = payload["inputs"]
    if not any("of" in batch for batches in inputs.values() for batch in batches):
        return inputs
    bare: dict[str, list[Any]] = {
        port: [{key: value for key, value in batch.items() if key != "of"} for batch in batches]
        for port, batches in inputs.items()
    }
    return bare


def _fetched(batch: Batch, payload: StepPayload, claims: Claims) -> list[Item]:
    """Return a batch's items, with their places in the output they are from where those are wanted."""
    items = claims.fetch(batch, payload["context"]["tenantId"])
    if "of" not in batch:
        return items
    node_id, port = batch["of"]
    return placed(items, node_id, port, payload["iteration"])
