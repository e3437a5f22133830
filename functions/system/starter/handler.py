"""Lambda handler of the starter, invoked by Scheduler, API, webhook, recorder, itself and execute-workflow nodes."""

import os
from functools import cache
from typing import Any

from functions.system.starter import callees
from functions.system.starter.calls import Calls
from functions.system.starter.claims import Claims, Registration
from functions.system.starter.failures import failed
from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.polling import Polling
from functions.system.starter.schedules import scheduled
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Item
from stepweave.runtime.starting import Launch, Start, Target, fail
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, about, count, logger, observed
from stepweave_data.turns import Turns, limited


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or another function asks for. Returns `{"executionId"}`, or `{"skipped": reason}`.

    A node's `call` is answered with what was started, or with why nothing was (`Calls.serve`), and asked for `inputs`
    it says what a workflow expects; `next` starts what waits for its turn, and `turn` is one such execution; a
    `registrationId` is a trigger that polls.
    """
    result = _serve(event)
    count(Metric.REFUSED if "skipped" in result or "refused" in result else Metric.DONE)
    return result


def _serve(event: dict[str, Any]) -> dict[str, Any]:
    if "call" in event:
        return calls().serve(event["call"])
    if "inputs" in event:
        return callees.inputs_told(link(), event["inputs"]["tenantId"], event["inputs"]["workflowId"])
    if "next" in event:
        return {"executionIds": give_turns(**event["next"])}
    if "registrationId" in event:
        return polling().serve(event)
    request = _request(event)
    result = request if "skipped" in request else launch(request, Once(link()), Launch.shared(), Turns(link()))
    if "skipped" in result:
        logger().info("not started", reason=result["skipped"])
    return result


def give_turns(tenantId: str, workflowId: str) -> list[str]:  # noqa: N803  # as the event names them
    """Start what waits for its turn and may run now; return the executions' ids."""
    about(tenant_id=tenantId)
    begun = []
    for request in Turns(link()).next(tenantId, workflowId):
        id = request["executionId"]
        begun.append(id)
        if request["target"]["machine_type"] == "express":  # it lasts as long as whoever runs it
            hand_over({"turn": {"tenantId": tenantId, "executionId": id}})
        else:
            launch(request, Once(link()), Launch.shared())
    return begun


def hand_over(request: dict[str, Any]) -> None:
    """Have the starter launch a request, and do not wait. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)


def start_found(request: dict[str, Any]) -> bool:
    """Start what a poll found; return whether it waits for its turn. Raises as `launch`, and AwsError."""
    if request["target"]["machine_type"] != "express":
        return "queued" in launch(request, Once(link()), Launch.shared(), Turns(link()))
    if limited(request) and not Turns(link()).admit(request):
        return True
    hand_over({**request, "admitted": True})  # it lasts as long as whoever runs it
    return False


def tell_failure(it: Registration, execution_id: str, error: ErrorInfo) -> None:
    """Write a failed execution for a trigger that cannot poll. Raises EventDeliveryError."""
    never: list[Item] = []
    target = Target(**it.target)
    fail(Start(target=target, trigger="app", node_id=it.node_id, items=never, execution_id=execution_id), error)


def _request(event: dict[str, Any]) -> dict[str, Any]:
    if "turn" in event:
        about(tenant_id=event["turn"]["tenantId"], execution_id=event["turn"]["executionId"])
        return Turns(link()).request(event["turn"]["tenantId"], event["turn"]["executionId"])
    if "scheduleId" in event:
        return scheduled(event, link())
    return failed(event["failed"], link()) if "failed" in event else event


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()


@cache
def calls() -> Calls:
    """Return what serves nodes' calls in this worker."""
    return Calls(link(), Launch.shared(), hand_over)


@cache
def polling() -> Polling:
    """Return what serves triggers that poll in this worker."""
    asks = NodeFunctions(os.environ["STEPWEAVE_PREFIX"])
    return Polling(Claims(link()), asks, Launch.shared(), start_found, tell_failure)
