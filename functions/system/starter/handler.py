"""Lambda handler of the starter, invoked by Scheduler, API, webhook, recorder and itself: by no node (`calling`)."""

import os
from functools import cache
from typing import Any

from functions.system.starter.alerts import alerted
from functions.system.starter.claims import Claims, Registration
from functions.system.starter.failures import failed
from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.polling import Polling
from functions.system.starter.schedules import scheduled, skipped
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Item
from stepweave.runtime.starting import Launch, Start, Target, fail
from stepweave_data import variables
from stepweave_data.link import Link
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import Metric, about, count, logger, observed
from stepweave_data.turns import Turns


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or another function asks for. Returns `{"executionId"}`, or `{"skipped": reason}`.

    `next` starts what waits for its turn, and `turn` is one such execution; a `registrationId` is a trigger that polls,
    `alert` is told to a workflow.
    """
    result = _serve(event)
    count(Metric.REFUSED if "skipped" in result else Metric.DONE)
    return result


def _serve(event: dict[str, Any]) -> dict[str, Any]:
    if "next" in event:
        return {"executionIds": give_turns(**event["next"])}
    if "registrationId" in event:
        return polling().serve(event)
    request = _request(event)
    if "alert" in event and request.get("target", {}).get("machine_type") == "express":
        hand_over(request)  # who tells it does not wait as long as it lasts
        return {"executionId": request["executionId"]}
    result = request if "skipped" in request else _launched(event, request)
    if "skipped" in result:
        logger().info("not started", reason=result["skipped"])
    return result


def _launched(event: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Launch; or say why it is skipped, where the plan has no room for one more, not even one that waits."""
    try:
        return launch(request, Once(link()), outside(), Turns(link()))
    except NoRoom as error:
        if "scheduleId" in event:
            skipped(event, str(error), link())
        return {"skipped": str(error)}


def give_turns(tenantId: str, workflowId: str | None = None) -> list[str]:  # noqa: N803  # as the event names them
    """Start what waits for its turn and may run now, of a tenant or one workflow; return the executions' ids."""
    about(tenant_id=tenantId)
    begun = []
    for request in Turns(link()).next(tenantId, workflowId):
        id = request["executionId"]
        begun.append(id)
        if request["target"]["machine_type"] == "express":  # it lasts as long as whoever runs it
            hand_over({"turn": {"tenantId": tenantId, "executionId": id}})
        else:
            launch(request, Once(link()), outside())
    return begun


def hand_over(request: dict[str, Any]) -> None:
    """Have the starter launch a request, and do not wait. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)


def start_found(request: dict[str, Any]) -> bool:
    """Start what a poll found; return whether it waits for its turn. Raises as `launch`, and AwsError."""
    if request["target"]["machine_type"] != "express":
        return "queued" in launch(request, Once(link()), outside(), Turns(link()))
    if not Turns(link()).admit(request):
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
    if "alert" in event:
        return alerted(event["alert"], link())
    return failed(event["failed"], link()) if "failed" in event else event


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()


@cache
def outside() -> Launch:
    """Return what starting needs in this worker."""
    return variables.launch(link)


@cache
def polling() -> Polling:
    """Return what serves triggers that poll in this worker."""
    asks = NodeFunctions(os.environ["STEPWEAVE_PREFIX"])
    return Polling(Claims(link()), asks, outside(), start_found, tell_failure)
