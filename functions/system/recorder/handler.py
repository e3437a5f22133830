"""Lambda handler of the recorder (SQS FIFO, ReportBatchItemFailures)."""

from functools import cache
from typing import Any

from functions.system.recorder.pushing import Pusher, live_or_none
from functions.system.recorder.recording import Recorder
from functions.system.recorder.settling import settler
from stepweave_data.history.connections import Connections
from stepweave_data.history.store import History


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Record a batch of messages; answer with those that must come again."""
    return {"batchItemFailures": [{"itemIdentifier": id} for id in recorder().take(event["Records"])]}


@cache
def recorder() -> Recorder:
    """Return this worker's recorder."""
    return Recorder(History(), Pusher(live_or_none(), Connections.from_environment), settler())
