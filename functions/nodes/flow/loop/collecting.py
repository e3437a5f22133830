"""Collects what the rounds of a loop brought back, in their order."""

import json
from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.flow.loop.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.results import ERROR_PORT

AT_ONCE = 16
"""Stored batches that are fetched at the same time."""


FAILED: Final = "failed"
"""Marks a batch of error items, of a round that failed, for the port that the node's failures take."""


def collected(step: Step[Params]) -> dict[str, list[Item]]:
    """Return all items that came back, on `done`; where nothing leads back to the loop, its own.

    Error items of rounds that failed take the port `error` where the loop's errors do.

    Raises:
        DataMissing: a stored batch is gone.
        StorageUnavailable: one could not be fetched.
    """
    if not step.control.loop:
        return {"done": step.items()}
    rounds = (
        step.control.loop["results"]
        if "results" in step.control.loop
        else _distributed(step, step.control.loop["manifest"])
    )
    from concurrent.futures import ThreadPoolExecutor  # most of the function's starts are for other phases

    found = [batch for each in rounds for batch in _listed(each)]
    tenant = step.context["tenantId"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lists = list(pool.map(lambda batch: step.control.claims.fetch(batch.get(FAILED, batch), tenant), found))
    given: dict[str, list[Item]] = {}
    for batch, items in zip(found, lists, strict=True):
        given.setdefault(ERROR_PORT if FAILED in batch else "done", []).extend(items)
    return given


def _listed(found: Any) -> list[Any]:
    """Return a round's batches. An engine may give a list of one as the one."""
    return found if isinstance(found, list) else [found]


def _distributed(step: Step[Params], manifest: Mapping[str, str]) -> list[list[Any]]:
    """Return the rounds' batches from the files that a Distributed Map wrote.

    Step Functions developer guide, "ResultWriter (Map)": a manifest names files, each a list of executions with their
    `Input` and `Output` as JSON text, in no order.
    """
    fetch, tenant, bucket = step.control.claims.fetch_json, step.context["tenantId"], manifest["bucket"]
    files = fetch(bucket, manifest["key"], tenant)["ResultFiles"]["SUCCEEDED"]
    rounds: dict[int, list[Any]] = {}
    for file in files:
        for execution in fetch(bucket, file["Key"], tenant):
            place = json.loads(execution["Input"])["iteration"].rpartition(".")[2]
            rounds[int(place)] = _listed(json.loads(execution["Output"]))
    return [rounds[place] for place in sorted(rounds)]
