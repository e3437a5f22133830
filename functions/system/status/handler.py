"""Lambda handler of the EventBridge rule on "Step Functions Execution Status Change"."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent

from functions.system.status.ending import ends_of
from stepweave.runtime.events import Outbox, queue_sender
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> None:
    """Send the end of an execution to its event group. A start, or an execution that is not ours, is nothing."""
    found = ends_of(EventBridgeEvent(event).detail)
    if found is None:
        count(Metric.REFUSED)
        return
    context, ends = found
    about(tenant_id=context["tenantId"], execution_id=context["executionId"])
    outbox = Outbox(context, queue_sender())
    outbox.add(*ends)
    outbox.close()
    count(Metric.DONE)
