"""Has the starter start the other workflow; who waits is answered by the recorder when that one ends."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.flow.execute_workflow.spec import Params
from stepweave.model.items import Batch, Item
from stepweave.model.lineage import carried, without
from stepweave.runtime import Step
from stepweave.runtime.calling import MOST_EACH, Ask, Call, CallWait, WorkflowCallRefused, ask_starter, call_workflow
from stepweave.runtime.errors import NodeError
from stepweave.runtime.results import stored

SHOWN: Final = 10
"""Executions that a step which waits for several names, the first ones."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or the items with the executions they started."""
    return execute(step, ask_starter)


def execute(step: Step[Params], ask: Ask) -> dict[str, list[Item]]:
    """Do the node's work. `ask` asks the starter."""
    items = step.items()
    each = step.constant("send") == "each"
    if each and len(items) > MOST_EACH:
        raise WorkflowCallRefused(
            f"{len(items)} items would start an execution each; one step starts at most {MOST_EACH}.",
            "Send them together, or in batches with a Loop.",
        )
    batch = _batch(step)
    call: Call = {
        "context": step.context,
        "nodeId": step.control.node["id"],
        "iteration": step.control.iteration,
        "attempt": step.attempt,
        "workflowId": _target(step),
        "batch": batch,
        "each": each,
    }
    if step.constant("inputs") == "fields" and step.constant("convert"):
        call["convert"] = True
    if not step.control.task_token:
        called = call_workflow(call, step.remaining(), ask)
        ids = called.execution_ids if each else called.execution_ids * len(items)
        return {"main": [_with_execution(item, id) for item, id in zip(items, ids, strict=True)]}
    wait = call["wait"] = _wait(step, batch, each=each)
    called = call_workflow(call, step.remaining(), ask)
    # The starter has the token: its row is there before the other workflow can end.
    waiting: dict[str, Any] = {
        "kind": "workflow",
        "executionId": called.execution_ids[0],
        "workflowId": call["workflowId"],
        "workflowName": called.workflow_name,
        "expiresAt": wait["expiresAt"],
    }
    if each:
        waiting |= {"executions": len(called.execution_ids), "executionIds": called.execution_ids[:SHOWN]}
    step.control.suspend(waiting)
    return {}


def _wait(step: Step[Params], sent: Batch, *, each: bool) -> CallWait:
    """Return what whoever ends the wait needs. `sent` is what the other workflow gets."""
    control, items = step.control, step.items()
    expires = datetime.now(UTC) + timedelta(seconds=step.constant("timeoutSeconds"))
    expires_at = expires.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    wait: CallWait = {"token": control.task_token, "inlineLimit": control.inline_limit, "expiresAt": expires_at}
    port = control.failure_port
    if port is not None:
        wait["goesOn"] = True
    if control.always_output:
        wait["alwaysOutput"] = True
    if not each:
        if origin := control.origin:
            wait["origin"] = origin
        return wait
    if carried(items):
        wait["origins"] = [item.get("origin", {}) for item in items]
    if port is not None:
        wait["failurePort"] = port
        filled_in = step.constant("inputs") == "fields"
        wait["input"] = _as_one(step, items, "given") if filled_in else sent
    return wait


def _target(step: Step[Params]) -> str:
    """Return the id of the workflow that all items name. Raises WorkflowCallRefused."""
    target = step.params().workflow_id
    for index in range(1, len(step.items())):
        if (other := step.params(index).workflow_id) != target:
            raise WorkflowCallRefused(
                f"Item 0 names the workflow {target}, item {index} names {other}; one step calls one workflow.",
                "Lead the items through a Loop in batches of one, or part them with a Switch.",
            )
    return target


def _batch(step: Step[Params]) -> Batch:
    """Return the input as one batch: by the reference it came with, or stored anew where it came in several.

    The items' lineage stays here: it is in terms of this workflow's nodes.
    """
    items = step.items()
    if step.constant("inputs") == "fields" and items:
        return _stored(step, [_filled_in(step, index) for index in range(len(items))], "sent")
    return _as_one(step, items, "sent")


def _as_one(step: Step[Params], items: list[Item], name: str) -> Batch:
    """Return the input items as one batch, without their lineage; `name` is what they are stored as where they are."""
    batches = step.control.batches()
    if len(batches) == 1 and batches[0]["count"] == len(items) and not carried(items):
        return batches[0]
    return _stored(step, without(items), name)


def _stored(step: Step[Params], items: list[Item], name: str) -> Batch:
    return stored({"main": items}, step.control.claims, step.control.key(name), step.control.inline_limit)["main"]


def _filled_in(step: Step[Params], index: int) -> Item:
    """Return what the other workflow gets of an item: the fields of the form, and the item's files."""
    try:
        params = step.params(index)
    except NodeError as error:
        error.item = index
        raise
    sent: Item = {"json": {row.name: row.value for row in params.values}}
    files = step.items()[index].get("binary")
    return {**sent, "binary": files} if files else sent


def _with_execution(item: Item, id: str) -> Item:
    return {**item, "json": {**item["json"], "execution": {"id": id}}}
