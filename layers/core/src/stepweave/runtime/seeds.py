"""Seeds: what nodes give that do not run in an execution, because they ran in an earlier one or are pinned."""

from collections.abc import Mapping
from typing import Final, TypedDict

from stepweave.model.events import Event, EventType
from stepweave.model.items import NodeOutput
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.events import event


class Given(TypedDict):
    """The output of a node that does not run in an execution, and where it is from (`Event.source`).

    `output` is None for a node that did not run there.
    """

    output: NodeOutput | None
    source: dict[str, str]


Seed = Mapping[str, Given]
"""Node id -> what it gives."""
MOST_SEED_BYTES: Final = 150 * 1024
"""Of the 256 KiB that an execution's input may have (Step Functions quotas); what is more goes to S3."""


def given_event_id(execution_id: str, node_id: str) -> str:
    """Return the id of the event that tells of a node's output that an execution is given at its start."""
    return f"{execution_id}-{node_id}-given"


def given_event(execution_id: str, node_id: str, given: Given) -> Event:
    """Return the event that tells of what a node gives an execution in which it does not run."""
    return event(
        EventType.NODE_SUCCEEDED,
        id=given_event_id(execution_id, node_id),
        nodeId=node_id,
        attempt=1,
        input={},
        output=given["output"],
        source=given["source"],
        durationMs=0.0,
    )


def fitting(seed: Seed, tenant_id: str, execution_id: str, claims: Claims) -> dict[str, Given]:
    """Return a seed that fits an execution's input: the largest batches stored where all together are too many.

    Args:
        seed: the outputs of nodes that do not run.
        tenant_id: whose execution it is.
        execution_id: the execution that is to start.
        claims: where large batches go.

    Raises:
        StorageUnavailable: they could not be stored.
        DataTooLarge: a batch is larger than can be stored.
    """
    sizes = {
        (node_id, port): len(encode(batch["items"]))
        for node_id, given in seed.items()
        for port, batch in (given["output"] or {}).items()
        if "items" in batch
    }
    left = sum(sizes.values())
    made: dict[str, Given] = {node_id: {**given} for node_id, given in seed.items()}
    for (node_id, port), size in sorted(sizes.items(), key=lambda entry: -entry[1]):
        if left <= MOST_SEED_BYTES:
            break
        output = dict(made[node_id]["output"] or {})
        key = f"{tenant_id}/{execution_id}/{node_id}/given-{port}.json"
        output[port] = claims.store(key, output[port]["items"], preview_bytes=256)
        made[node_id]["output"] = output
        left -= size
    return made
