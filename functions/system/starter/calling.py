"""Lambda handler of `caller`: what nodes may ask of the starter, and nothing else of it (ADR 54).

`{"call": stepweave.runtime.calling.Call}` starts another workflow, `{"inputs": {"workflowId"}, "pass"}` says what one
expects. Whose they are follows from the signed context of the call, or the pass of the ask.
"""

from functools import cache
from typing import Any

from functions.system.starter import callees
from functions.system.starter.callees import Refused
from functions.system.starter.calls import Calls
from functions.system.starter.handler import hand_over, link
from stepweave.aws.passes import PassRefused
from stepweave_data import variables
from stepweave_data.passes import Passes
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return what was started, or what a workflow expects, or `{"refused"}`."""
    result = _serve(event)
    count(Metric.REFUSED if "refused" in result else Metric.DONE)
    return result


def _serve(event: dict[str, Any]) -> dict[str, Any]:
    call = event.get("call")
    try:
        bearer = passes().bearer(call["context"] if call is not None else event.get("pass"))
    except PassRefused as error:
        return Refused("ContextRefused", str(error), "Run the workflow again.").answer
    if call is not None:
        return calls().serve(call)
    return callees.inputs_told(link(), bearer.tenant_id, bearer.workflow_id, event["inputs"]["workflowId"])


@cache
def passes() -> Passes:
    """Return what checks passes in this worker."""
    return Passes(link)


@cache
def calls() -> Calls:
    """Return what serves nodes' calls in this worker."""
    return Calls(link(), variables.launch(link), hand_over)
