"""A step's input: its items, fetched where they are stored, and the batches as they are told of."""

from typing import Any

from stepweave.model.items import Batch, Item
from stepweave.model.lineage import placed
from stepweave.model.step import StepPayload
from stepweave.runtime.claims import Claims


def fetched_inputs(payload: StepPayload, claims: Claims) -> dict[str, list[Item]]:
    """Return the items of each input port, in edge order. Raises as `Claims.fetch` does."""
    inputs: dict[str, list[Item]] = {}
    for port, batches in payload["inputs"].items():
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
