"""Lambda handler of the recorder (SQS FIFO, ReportBatchItemFailures)."""

import time
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions.system.recorder.pushing import Pusher, live_or_none
from functions.system.recorder.recording import Recorder
from functions.system.recorder.settling import settler
from stepweave_data.history.connections import Connections
from stepweave_data.history.store import History
from stepweave_data.passes import Passes
from stepweave_data.telemetry import delay, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Record a batch of messages; answer with those that must come again."""
    records = list(SQSEvent(event).records)
    again = recorder().take(records)
    now = time.time() * 1000
    delay(max(now - float(record.attributes.get("SentTimestamp") or now) for record in records))
    return {"batchItemFailures": [{"itemIdentifier": id} for id in again]}


@cache
def recorder() -> Recorder:
    """Return this worker's recorder."""
    told = settler()
    bearer = Passes(lambda: told.link).bearer
    history = History()
    pusher = Pusher(live_or_none(), Connections.from_environment, history.projects_of)
    return Recorder(history, pusher, told, bearer)
