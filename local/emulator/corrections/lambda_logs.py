"""Lambda: logs and metrics that cost little and do not grow without end."""

import time
from collections import OrderedDict
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import cloudwatch_logs, lambda_svc

from local.emulator import invocation
from local.emulator.registry import correction
from local.emulator.running import Json

EVENTS_KEPT = 5_000
"""In one stream."""
STREAMS_KEPT = 200
"""In one group."""
ALL_KEPT = 20_000
"""In all groups together; whole streams go, those that were written longest ago."""


@correction
def lambda_log_streams() -> None:
    """Write one log stream per execution environment and keep the newest lines only.

    AWS: START, the printed lines, END and REPORT go to the stream of the execution environment that ran the invocation.

    Replaces `lambda_svc._emit_lambda_logs` (5011), which opens a new stream per invocation, keeps all of them for ever
    in memory and reads memory use from /proc each time.

    Delete when MiniStack keeps a stream per environment and bounds what it stores.
    """

    written = Written()

    def emit(
        function: Json, request_id: str, text: str, _error: bool, duration: int, *, log_source: Any = None
    ) -> None:
        config = function.get("config") or function
        version = config.get("Version", "$LATEST")
        memory = config.get("MemorySize", 128)
        group = _group(config)
        name = invocation.log_stream() or time.strftime(f"%Y/%m/%d/[{version}]") + new_uuid().replace("-", "")
        stream = _stream(group, name)
        now = int(time.time() * 1000)
        report = (
            f"REPORT RequestId: {request_id}\tDuration: {duration} ms\tBilled Duration: {duration} ms\t"
            f"Memory Size: {memory} MB\tMax Memory Used: {memory} MB"
        )
        start = f"START RequestId: {request_id} Version: {version}"
        lines = [start, *text.splitlines(), f"END RequestId: {request_id}", report]
        events = [{"timestamp": now, "message": line, "ingestionTime": now} for line in lines]
        stream["events"].extend(events)
        if len(stream["events"]) > EVENTS_KEPT:
            del stream["events"][: EVENTS_KEPT // 5]
        stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]
        stream["lastEventTimestamp"] = stream["lastIngestionTime"] = now
        written.add(_group_name(config), name, len(stream["events"]))
        if group["subscriptionFilters"]:
            cloudwatch_logs._fanout_to_subscription_filters(_group_name(config), name, events)

    lambda_svc._emit_lambda_logs = emit


@correction
def lambda_metrics() -> None:
    """Publish no CloudWatch metrics for invocations.

    AWS: every invocation is counted in CloudWatch. Nothing here reads those numbers, and

    Replaces `lambda_svc._emit_lambda_metrics` (98), which keeps four records per invocation in memory for ever.

    Delete when MiniStack aggregates metrics per minute.
    """
    lambda_svc._emit_lambda_metrics = lambda *_, **__: None


class Written:
    """How many events each stream holds, the one written longest ago first."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], int] | None = None
        self._total = 0

    def add(self, group: str, stream: str, events: int) -> None:
        """Note what a stream holds, and forget others when it is too much."""
        if self._held is None:  # what the last run of the emulator left
            self._held = OrderedDict()
            for name, known in cloudwatch_logs._log_groups.items():
                for other, content in known["streams"].items():
                    self._note(name, other, len(content["events"]))
        self._note(group, stream, events)
        while self._total > ALL_KEPT and len(self._held) > 1:
            (name, other), held = self._held.popitem(last=False)
            self._total -= held
            (cloudwatch_logs._log_groups.get(name) or {"streams": {}})["streams"].pop(other, None)

    def _note(self, group: str, stream: str, events: int) -> None:
        assert self._held is not None  # noqa: S101 - narrows a type
        self._total += events - self._held.pop((group, stream), 0)
        self._held[group, stream] = events


def _group_name(config: Json) -> str:
    return (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName', 'unknown')}"


def _group(config: Json) -> Json:
    name = _group_name(config)
    group: Json | None = cloudwatch_logs._log_groups.get(name)
    if group is None:
        group = cloudwatch_logs._log_groups[name] = {
            "arn": cloudwatch_logs._make_group_arn(name),
            "creationTime": int(time.time() * 1000),
            "retentionInDays": None,
            "tags": {},
            "subscriptionFilters": {},
            "streams": {},
        }
    return group


def _stream(group: Json, name: str) -> Json:
    streams: dict[str, Json] = group["streams"]
    stream = streams.get(name)
    if stream is None:
        while len(streams) >= STREAMS_KEPT:
            streams.pop(next(iter(streams)))
        stream = streams[name] = {
            "events": [],
            "uploadSequenceToken": "1",
            "creationTime": int(time.time() * 1000),
            "firstEventTimestamp": None,
            "lastEventTimestamp": None,
            "lastIngestionTime": None,
        }
    return stream
