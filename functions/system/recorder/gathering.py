"""What a step gets that has waited for the executions it called: their last outputs, or why they gave none.

With one execution for each item (`executionIds` of the wait's details) the outputs stand in the order of the items and
descend from them, and where the caller goes on after errors (`resume.failurePort`) an item whose execution failed
becomes an error item. Else one failure fails the step.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.items import Batch, Item, NodeOutput, Origin
from stepweave.model.lineage import carried, descended, merged, without
from stepweave.model.sizes import size_text
from stepweave.runtime.calling import ChildFailed
from stepweave.runtime.claims import MOST_BATCH_BYTES, Claims
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.results import error_item, stored
from stepweave_data.hooks.called import Ended
from stepweave_data.hooks.waits import Wait

_AT_ONCE: Final = 16
"""Stored outputs that are fetched at a time."""
_HOW: Final = {
    "failed": "failed",
    "cancelled": "was cancelled",
    "timed_out": "took longer than it may",
    "gone": "is not there any more",
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a step gets, and how many of its executions failed nevertheless."""

    output: NodeOutput
    failures: list[ChildFailed]


def gathered(claims: Claims, tenant_id: str, wait: Wait, ended: list[Ended]) -> Gathered:
    """Return what a step gets of the executions that it has waited for.

    Args:
        claims: where large outputs lie, and where what is made of them goes.
        tenant_id: whose they are.
        wait: the row, with what its caller gave for this (`resume`).
        ended: the executions, in the order of the items.

    Raises:
        ChildFailed: one failed, and the caller does not go on with the others.
        DataTooLarge: they gave more than a port carries.
        DataMissing: what one gave is gone.
        ResultInvalid: it cannot be carried on.
        StorageUnavailable: S3 could not be reached.
    """
    resume, several = wait.details["resume"], "executionIds" in wait.details
    failures = {index: _failure(wait, one, index) for index, one in enumerate(ended) if one.status != "succeeded"}
    if failures and not several:
        raise _alone(failures[0])
    port = resume.get("failurePort")
    if failures and port is None:
        raise _of_several(wait, list(failures.values()), len(ended))
    if not several and (batch := _passed_on(resume, ended[0])):
        return Gathered({"main": batch}, [])
    _check_size(ended)
    origins: list[Origin] = resume.get("origins", []) if several else [resume["origin"]] if resume.get("origin") else []
    given = without(claims.fetch(resume["input"], tenant_id)) if failures else []
    output: dict[str, list[Item]] = {}
    for index, items in enumerate(_outputs(claims, tenant_id, ended)):
        failure, origin = failures.get(index), origins[index] if origins else None
        made = items if failure is None else [error_item(failure.to_json(), given[index])]
        output.setdefault("main" if failure is None else str(port), []).extend(descended(made, origin))
    if resume.get("alwaysOutput") and not any(output.values()):
        output = {"main": descended([{"json": {}}], merged([{"json": {}, "origin": one} for one in origins]) or None)}
    return Gathered(stored(output, claims, _key(tenant_id, wait), resume["inlineLimit"]), list(failures.values()))


def _outputs(claims: Claims, tenant_id: str, ended: list[Ended]) -> list[list[Item]]:
    """Return what each execution gave, without the lineage of its own workflow. Raises as `Claims.fetch`."""

    def fetch(one: Ended) -> list[Item]:
        batch = _last(one)
        return without(claims.fetch(batch, tenant_id)) if batch is not None else []

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(fetch, ended))


def _last(one: Ended) -> Batch | None:
    """Return what an execution's last node gave, on its first port; None where it gave nothing."""
    return next(iter(one.output.values())) if one.output else None


def _passed_on(resume: dict[str, Any], one: Ended) -> Batch | None:
    """Return what the only execution gave where that can go on as it is, by its reference."""
    batch = _last(one)
    if batch is None or "items" in batch or resume.get("origin"):
        return None
    # Of a stored batch the preview tells whether the items carry the called workflow's lineage.
    shown = batch.get("preview")
    return batch if shown and not carried(shown) else None


def _check_size(ended: list[Ended]) -> None:
    """Do nothing where all outputs together can be carried. Raises DataTooLarge before any is fetched."""
    size = sum(_stored_size(batch) for one in ended if (batch := _last(one)) is not None)
    if size > MOST_BATCH_BYTES:
        raise DataTooLarge(
            f"The {len(ended)} executions gave {size_text(size)} of JSON; a port carries at most "
            f"{size_text(MOST_BATCH_BYTES)}.",
            "Have each give less, or call with fewer items at a time.",
        )


def _stored_size(batch: Batch) -> int:
    if "items" in batch:
        return 0
    part = batch["ref"].get("range")
    return batch["ref"]["size"] if part is None else part[1]


def _key(tenant_id: str, wait: Wait) -> str:
    place = f"{wait.iteration}/" if wait.iteration else ""
    return f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}-called"


def _failure(wait: Wait, one: Ended, index: int) -> ChildFailed:
    name = wait.details.get("workflowName", "")
    reason = f": {one.error['message']}" if one.error and one.status == "failed" else "."
    return ChildFailed(
        f"The workflow {name!r} {_HOW[one.status]} (execution {one.id}){reason}",
        "Open that execution to see why.",
        details={"executionId": one.id, "workflowId": wait.details.get("workflowId")},
        item=index,
    )


def _alone(failure: ChildFailed) -> ChildFailed:
    """Return the failure of the only execution, which is about all items."""
    return ChildFailed(failure.message, failure.remedy, details=failure.details)


def _of_several(wait: Wait, failures: list[ChildFailed], total: int) -> ChildFailed:
    first, name = failures[0], wait.details.get("workflowName", "")
    if total == 1:
        return first
    return ChildFailed(
        f"{len(failures)} of {total} executions of {name!r} did not succeed. Item {first.item}: {first.message}",
        first.remedy,
        details={**first.details, "failed": len(failures), "of": total},
        item=first.item,
    )
