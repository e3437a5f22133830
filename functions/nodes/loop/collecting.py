"""Collects what the rounds of a loop brought back, in their order."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from functions.nodes.loop.spec import Params
from stepweave.model.items import Batch, Item
from stepweave.runtime import Step

AT_ONCE = 16
"""Stored batches that are fetched at the same time."""


def collected(step: Step[Params]) -> list[Item]:
    """Return all items that came back; where nothing leads back to the loop, its own.

    Raises:
        DataMissing: a stored batch is gone.
        StorageUnavailable: one could not be fetched.
    """
    if not step.loop:
        return step.items()
    rounds = step.loop["results"] if "results" in step.loop else _distributed(step, step.loop["manifest"])
    batches = [batch for found in rounds for batch in _listed(found)]
    tenant = step.context["tenantId"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lists = list(pool.map(lambda batch: step.claims.fetch(batch, tenant), batches))
    return [item for items in lists for item in items]


def _listed(found: Any) -> list[Batch]:
    """Return a round's batches. An engine may give a list of one as the one."""
    return found if isinstance(found, list) else [found]


def _distributed(step: Step[Params], manifest: Mapping[str, str]) -> list[list[Batch]]:
    """Return the rounds' batches from the files that a Distributed Map wrote.

    Step Functions developer guide, "ResultWriter (Map)": a manifest names files, each a list of executions with their
    `Input` and `Output` as JSON text, in no order.
    """
    fetch, tenant, bucket = step.claims.fetch_json, step.context["tenantId"], manifest["bucket"]
    files = fetch(bucket, manifest["key"], tenant)["ResultFiles"]["SUCCEEDED"]
    rounds: dict[int, list[Batch]] = {}
    for file in files:
        for execution in fetch(bucket, file["Key"], tenant):
            place = json.loads(execution["Input"])["iteration"].rpartition(".")[2]
            rounds[int(place)] = _listed(json.loads(execution["Output"]))
    return [rounds[place] for place in sorted(rounds)]
