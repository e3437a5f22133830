"""SQS to Lambda: messages reach their function at once, in order within a group, several groups at a time."""

import asyncio
import functools
import json
import time
from collections.abc import Iterator
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import request_scope
from ministack.services import lambda_svc, sqs

from local.emulator import invocation
from local.emulator.registry import correction
from local.emulator.running import Json, running

BATCHES = 4
"""Batches in flight per mapping unless its ScalingConfig says otherwise. AWS starts with five."""
GATHER_SECONDS = 0.01
"""How long messages may gather while another batch is in flight: fewer, fuller batches cost less."""


@correction
def sqs_event_source() -> None:
    """Deliver messages when they are sent, from the loop.

    AWS: a mapping takes up to BatchSize messages; a batch of a FIFO queue has the messages of a group in order and no
    group is in two batches at once, while different groups go on concurrently; a message is deleted only when its
    batch, or itself with ReportBatchItemFailures, succeeded, becomes visible again after the visibility timeout and
    moves to the dead-letter queue after maxReceiveCount.

    Replaces `lambda_svc._poll_sqs` (7538): one FIFO batch at a time for the whole queue, a pause of the mapping for a
    second after each failure, a thread per batch, a poll of all mappings up to a second late.

    Delete when MiniStack's poller keeps several groups in flight and is woken by the queue it polls.
    """
    source = EventSource()
    lambda_svc._poll_sqs = lambda: False
    sqs.esm_wake = Wake(source)
    original = lambda_svc._ensure_poller

    def ensure_poller() -> None:
        original()
        source.wake()

    lambda_svc._ensure_poller = ensure_poller


class Wake:
    """Stands in for the event that producers of messages set."""

    def __init__(self, source: "EventSource") -> None:
        self._source = source

    def set(self) -> None:
        """A queue has a message."""
        self._source.wake()


class EventSource:
    """All mappings from SQS."""

    def __init__(self) -> None:
        self._scheduled = False
        self._alarm: asyncio.TimerHandle | None = None
        self._in_flight: dict[str, int] = {}

    def wake(self) -> None:
        """Look at the queues soon; from any thread."""
        if not self._scheduled:
            self._scheduled = True
            running.soon(self._look)

    def _look(self) -> None:
        self._scheduled = False
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        moments = [moment for mapping in mappings() if (moment := self._take(*mapping)) is not None]
        if moments:
            self._alarm = running.loop.call_later(max(0.001, min(moments) - time.time()), self.wake)

    def _take(self, account: str, region: str, mapping: Json) -> float | None:
        """Dispatch what can be dispatched; when to look again, if not at the next message."""
        with request_scope(account, region):
            queue, url = queue_of(mapping)
            if queue is None or not queue["messages"]:
                return None
            record, config = lambda_svc._get_func_record_for_qualifier(
                mapping["FunctionName"], mapping.get("Qualifier")
            )
            if record is None:
                return None
            size = min(int(mapping.get("BatchSize") or 10), 10)
            most = (mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") or BATCHES
            name = mapping["UUID"]
            while self._in_flight.get(name, 0) < most:
                now = time.time()
                if self._in_flight.get(name, 0) and (later := gathering(queue, size, now)):
                    return later
                batch = sqs._receive_messages_for_esm(url, size)
                if not batch:
                    return next_visible(queue, now)
                records = lambda_svc._apply_filter_criteria([as_record(message, mapping) for message in batch], mapping)
                if not records:
                    delete(queue, {message["receipt_handle"] for message in batch})
                    continue
                self._in_flight[name] = self._in_flight.get(name, 0) + 1
                execution = lambda_svc._execution_record_for_config(record, config)
                running.spawn(functools.partial(self._deliver, mapping, queue, execution, batch, records))
            return None

    async def _deliver(
        self, mapping: Json, queue: Json, execution: Json, batch: list[Json], records: list[Json]
    ) -> None:
        name = mapping["UUID"]
        try:
            result = await invocation.execute(execution, {"Records": records})
            failed = failures(mapping, result, batch)
            delete(queue, {message["receipt_handle"] for message in batch if message["id"] not in failed})
            mapping["LastProcessingResult"] = "OK" if not failed else "PROBLEM: Function call failed"
        finally:
            self._in_flight[name] -= 1
            self.wake()


def mappings() -> Iterator[tuple[str, str, Json]]:
    """The enabled mappings from SQS, with their account and region."""
    for (account, region, _), mapping in list(lambda_svc._esms._data.items()):
        if mapping.get("Enabled", True) and ":sqs:" in mapping.get("EventSourceArn", ""):
            yield account, region, mapping


def queue_of(mapping: Json) -> tuple[Json | None, str]:
    """The queue a mapping reads, and its URL."""
    try:
        spec = parse_arn(mapping["EventSourceArn"])
    except ArnParseError:
        return None, ""
    url = sqs._queue_url(lambda_svc._sqs_queue_name_from_arn_spec(spec) or "")
    return sqs._queues.get(url), url


def gathering(queue: Json, size: int, now: float) -> float | None:
    """When to look again, if it is worth waiting for the batch to fill."""
    visible = [message for message in queue["messages"] if message["visible_at"] <= now]
    if not visible or len(visible) >= size:
        return None
    due = visible[0]["visible_at"] + GATHER_SECONDS
    return float(due) if due > now else None


def next_visible(queue: Json, now: float) -> float | None:
    """When a message of the queue becomes visible again."""
    moments = [message["visible_at"] for message in queue["messages"] if message["visible_at"] > now]
    return min(moments) if moments else None


def as_record(message: Json, mapping: Json) -> Json:
    """A message as the function receives it."""
    attributes = {
        "ApproximateReceiveCount": str(message.get("receive_count", 1)),
        "SentTimestamp": str(int(message["sent_at"] * 1000)),
        "SenderId": lambda_svc.get_account_id(),
        "ApproximateFirstReceiveTimestamp": str(int((message.get("first_receive_at") or time.time()) * 1000)),
    }
    if trace := (message.get("sys") or {}).get("AWSTraceHeader"):
        attributes["AWSTraceHeader"] = trace
    for name, key in (
        ("MessageGroupId", "group_id"),
        ("MessageDeduplicationId", "dedup_id"),
        ("SequenceNumber", "seq"),
    ):
        if message.get(key) is not None:
            attributes[name] = str(message[key])
    return {
        "messageId": message["id"],
        "receiptHandle": message["receipt_handle"],
        "body": message["body"],
        "attributes": attributes,
        "messageAttributes": lambda_svc._sqs_message_attributes_to_camel_case(message.get("message_attributes", {})),
        "md5OfBody": message.get("md5_body") or "",
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping["EventSourceArn"],
        "awsRegion": lambda_svc.get_region(),
    }


def failures(mapping: Json, result: Json, batch: list[Json]) -> set[str]:
    """The ids of the messages that failed; all of them when the answer names one that is not in the batch."""
    everything = {message["id"] for message in batch}
    if result.get("error"):
        return everything
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or ()):
        return set()
    body: Any = result.get("body")
    if isinstance(body, str):
        try:
            body = json.loads(body or "null")
        except ValueError:
            return everything
    if body is None or body == {} or (isinstance(body, dict) and not body.get("batchItemFailures")):
        return set()
    try:
        named = {failure["itemIdentifier"] for failure in body["batchItemFailures"]}
    except (KeyError, TypeError):
        return everything
    return named if named <= everything else everything


def delete(queue: Json, handles: set[str]) -> None:
    """Delete messages in place: a sender on another thread must not lose one between a copy and its assignment."""
    kept = queue["messages"]
    for position in range(len(kept) - 1, -1, -1):
        if kept[position].get("receipt_handle") in handles:
            del kept[position]


@correction
def sqs_deduplication() -> None:
    """Forget deduplication ids from the oldest on.

    AWS: an id is remembered for five minutes.

    Replaces `sqs._prune_dedup` (1407), which rebuilds the memory of all five minutes for every message sent: a hundred
    executions a second fill it with 150,000 entries. It is in the order of expiry as it is.

    Delete when MiniStack prunes from the front.
    """

    def prune(queue: Json) -> None:
        now = time.time()
        remembered = queue["dedup_cache"]
        for name in list_until(remembered, now):
            del remembered[name]

    sqs._prune_dedup = prune


def list_until(remembered: dict[str, Json], now: float) -> list[str]:
    """The entries that have expired, which come first."""
    expired = []
    for name, entry in remembered.items():
        if entry["expire"] > now:
            break
        expired.append(name)
    return expired


@correction
def sqs_long_polling() -> None:
    """Answer a long poll within 10 ms of the message.

    AWS: ReceiveMessage with WaitTimeSeconds returns as soon as a message is there.

    Replaces the 100 ms sleep in `sqs._act_receive_message` (750).

    Delete when MiniStack wakes receivers on send.
    """
    original = asyncio.sleep

    class Asyncio:
        iscoroutine = staticmethod(asyncio.iscoroutine)

        @staticmethod
        async def sleep(seconds: float) -> None:
            await original(min(seconds, 0.01))

    sqs.asyncio = Asyncio
