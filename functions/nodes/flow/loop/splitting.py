"""Splits a loop's items into batches, in the smallest form that carries them.

Few small ones travel in the state. Larger ones lie in one stored object, each a range of it; where the rounds are more
than one history holds, the list of ranges is an object too, which a Distributed Map reads.
"""

from typing import Any

from functions.nodes.flow.loop.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.claims import encode
from stepweave.runtime.errors import DataTooLarge


def split(step: Step[Params]) -> dict[str, Any]:
    """Return the batches of a step's items (`StepResult.batches`).

    Returns:
        `count`, and `items` (a list of lists), or `ref` with `ranges` ([offset, length, count] each), or `ref` with
        `index` (bucket and key of the list of ranges).

    Raises:
        DataTooLarge: more rounds than an Express execution has room for.
        StorageUnavailable: they could not be stored.
    """
    batches = batches_of(step)
    most = int(step.control.loop["inlineRounds"])
    if len(batches) > most and not step.control.loop["distributed"]:
        raise DataTooLarge(
            f"{len(batches)} rounds are more than the {most} that an Express execution has room for.",
            "Use larger batches, or choose Standard in the workflow's settings.",
        )
    encoded = [encode(batch) for batch in batches]
    if len(batches) <= most and sum(map(len, encoded)) <= step.control.inline_limit:
        return {"count": len(batches), "items": batches}
    return stored(step, batches, encoded, most)


def batches_of(step: Step[Params]) -> list[list[Item]]:
    """Return a step's items in batches of the size that it asks for; the last may be smaller.

    Raises:
        ExpressionFailed: the expression for the size failed.
        ParameterInvalid: it gives no such size.
    """
    items = step.items()
    size = step.param("batchSize") if items else 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def stored(step: Step[Params], batches: list[list[Item]], encoded: list[bytes], most: int) -> dict[str, Any]:
    """Store batches and return where they lie: with their `ranges`, or an `index` where there are more than `most`."""
    ref = step.control.claims.store_bytes(step.control.key("batches.json"), b"\n".join(encoded))
    offset, places = 0, []
    for batch, content in zip(batches, encoded, strict=True):
        places.append((offset, len(content), len(batch)))
        offset += len(content) + 1
    if len(batches) <= most:
        return {"count": len(batches), "ref": ref, "ranges": [list(place) for place in places]}
    index = [{"offset": offset, "length": length, "count": count} for offset, length, count in places]
    stored = step.control.claims.store_json(step.control.key("rounds.json"), index)
    return {"count": len(batches), "ref": ref, "index": {"bucket": stored["bucket"], "key": stored["key"]}}
