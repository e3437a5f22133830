"""Events of a step or an execution on their way to the event queue: batched, in order, sent once.

A short step tells all in one message at its end. One that lasts is told of at once, by a timer, and then twice a
second.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock, Timer, current_thread
from typing import Any, Final

from stepweave.aws import Aws, AwsError
from stepweave.aws.queues import MOST_MESSAGE_BYTES
from stepweave.model.events import Event, EventBatch, EventType, ExecutionContext
from stepweave.model.json_text import write
from stepweave.model.step import NativeRun
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.previews import preview

Send = Callable[[str, str, str], None]
"""Sends one message: body, group, deduplication id. Raises AwsError."""

STARTED_AFTER: Final = 0.3
"""Seconds after which a running step is told of: longer than most steps last, shorter than people notice."""
EVERY: Final = 0.5
"""Seconds between two messages of a step that lasts."""
FIRST_AFTER: Final = 0.05
"""Seconds after which the first that comes of a result is told, whenever the next message was due."""
_ROUNDS: Final = 3
"""Times a message is tried at the end, each with the transport's own retries."""
_ROOM: Final = 4096
"""Bytes kept free in a message for what wraps the events."""


def now() -> str:
    """Return the time as events carry it: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    """Return a random UUID (version 4). Without the `uuid` module, whose import a cold start would pay."""
    digits = bytearray(os.urandom(16))
    digits[6] = digits[6] & 0x0F | 0x40
    digits[8] = digits[8] & 0x3F | 0x80
    text = digits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def event(type: EventType, *, id: str = "", **fields: Any) -> Event:
    """Return an event of now with a fresh id, or the given one."""
    return {"id": id or new_id(), "type": type.value, "at": now(), **fields}  # type: ignore[typeddict-item]


def native_runs(execution_id: str, runs: Iterable[NativeRun], iteration: str = "") -> list[Event]:
    """Return the events of nodes that ran without a function. Their ids are fixed: who tells again tells nothing new.

    Args:
        execution_id: in which they ran.
        runs: the nodes and their outputs.
        iteration: the round that they ran in; empty outside loops.
    """
    within = {"iteration": iteration} if iteration else {}
    return [
        event(
            EventType.NODE_SUCCEEDED,
            id=f"{execution_id}-{run['id']}-native-{iteration}",
            nodeId=run["id"],
            attempt=1,
            output=run["output"],
            native=True,
            durationMs=0.0,
            **within,
        )
        for run in runs
    ]


def queue_sender(environment_variable: str = "STEPWEAVE_EVENTS_QUEUE_URL") -> Send:
    """Return the sender to the queue that the environment names.

    Raises:
        KeyError: the variable is not set.
    """
    queue_url = os.environ[environment_variable]

    def send(body: str, group: str, deduplication: str) -> None:
        Aws.shared().queues.send(queue_url, body, group=group, deduplication=deduplication)

    return send


class Outbox:
    """Events waiting to be sent, in the order they were added. Safe to use from several threads.

    A message that may have arrived is sent again exactly as it was, so that the queue can drop the second.
    """

    def __init__(self, context: ExecutionContext, send: Send) -> None:
        # Who reads of an execution has no need of what its expressions read.
        self._context: ExecutionContext = {**context}
        self._context.pop("variables", None)
        self._send = send
        self._events: list[Event] = []
        self._messages: list[tuple[str, str]] = []
        self._adding = Lock()
        self._sending = Lock()
        self._timer: Timer | None = None
        self._closed = False
        self._came: Callable[[], list[Event]] = list

    def while_running(self, came: Callable[[], list[Event]]) -> None:
        """Ask for what has come meanwhile whenever a running step is told of, until `ends`."""
        with self._adding:
            self._came = came

    def ends(self, *events: Event) -> None:
        """Add the events of the step's end: what is still coming is told no more, for it would come after them."""
        with self._adding:
            self._came = list
            self._events.extend(events)

    def add(self, *events: Event) -> None:
        """Add events to be sent."""
        with self._adding:
            self._events.extend(events)

    def send_after(self, seconds: float = STARTED_AFTER) -> None:
        """Send what has come together after `seconds`, and from then on what has come, until `close`."""
        timer = Timer(seconds, self._on_time)
        timer.daemon = True
        self._timer = timer
        timer.start()

    def send_soon(self) -> None:
        """Send what has come after `FIRST_AFTER` instead of when it was due, where a step is being told of."""
        if self._timer and not self._closed:
            self._timer.cancel()
            self.send_after(FIRST_AFTER)

    def close(self) -> None:
        """Send all that is left.

        Raises:
            EventDeliveryError: the queue did not take it, after some tries.
        """
        self._closed = True
        if self._timer:
            self._timer.cancel()
        for left in range(_ROUNDS - 1, -1, -1):
            try:
                self._flush()
            except AwsError as error:
                if left == 0 or not error.retryable:
                    raise EventDeliveryError(
                        f"The step's events could not be sent ({error.code}).",
                        "Try again; if it stays so, the platform's operator must look at the event queue.",
                    ) from error
            else:
                return

    def _on_time(self) -> None:
        with self._adding:
            self._events.extend(self._came())
        with suppress(AwsError):  # `close` sends it again, and reports it
            self._flush()
        # A timer that was cut short while it sent has a successor already.
        if not self._closed and self._timer in (None, current_thread()):
            self.send_after(EVERY)

    def _flush(self) -> None:
        with self._sending:
            with self._adding:
                events, self._events = self._events, []
            self._messages.extend(messages(self._context, events))
            while self._messages:
                body, deduplication = self._messages[0]
                self._send(body, self._context["executionId"], deduplication)
                del self._messages[0]


def messages(context: ExecutionContext, events: list[Event]) -> list[tuple[str, str]]:
    """Return the messages that carry events: (body, deduplication id) pairs, each within the queue's limit.

    An event too large for a message loses first its input's items, then its output's, down to count and preview. The
    deduplication id follows from the ids of all events in it: two steps may tell of the same node that ran without a
    function, and neither's own events may be dropped for that.
    """
    result: list[tuple[str, str]] = []
    part: list[str] = []
    ids: list[str] = []
    used = 0
    # ASCII only: a queue refuses some characters that JSON allows.
    head = write(context)
    most = MOST_MESSAGE_BYTES - _ROOM - len(head)

    def close_part() -> None:
        if part:
            result.append((f'{{"context":{head},"events":[{",".join(part)}]}}', deduplication_id(ids)))

    for entry in events:
        text = _fitted(entry, most)
        if used + len(text) > most:
            close_part()
            part, ids, used = [], [], 0
        part.append(text)
        ids.append(entry["id"])
        used += len(text) + 1
    close_part()
    return result


def deduplication_id(ids: list[str]) -> str:
    """Return the deduplication id of a message with events of these ids: the same for the same events, sent again."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def _fitted(entry: Event, most: int) -> str:
    text = write(entry)
    fields: dict[str, Any] = dict(entry)
    for field in ("input", "output", "data", "response"):
        if len(text) <= most:
            return text
        if field in fields:
            fields[field] = _reduced(fields[field])
            text = write(fields)
    return text


def _reduced(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    reduced: dict[str, Any] = {}
    for port, content in value.items():
        batches = content if isinstance(content, list) else [content]
        kept = [
            {"count": batch["count"], "preview": preview(batch["items"]), "truncated": True}
            if isinstance(batch, dict) and "items" in batch
            else batch
            for batch in batches
        ]
        reduced[port] = kept if isinstance(content, list) else kept[0]
    return reduced


def batch_of(body: str) -> EventBatch:
    """Return the batch that a message's body holds.

    Raises:
        ValueError: it is not JSON.
        KeyError: it has no context or events.
    """
    data = json.loads(body)
    return {"context": data["context"], "events": data["events"]}
