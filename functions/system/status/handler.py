"""Lambda handler of the EventBridge rule on "Step Functions Execution Status Change"."""

from typing import Any

from functions.system.status.ending import ends_of
from stepweave.runtime.events import Outbox, queue_sender


def handler(event: dict[str, Any], _: Any) -> None:
    """Send the end of an execution to its event group. A start, or an execution that is not ours, is nothing."""
    found = ends_of(event["detail"])
    if found is None:
        return
    context, ends = found
    outbox = Outbox(context, queue_sender())
    outbox.add(*ends)
    outbox.close()
