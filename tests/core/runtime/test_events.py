"""Events on their way: in order, once, and never larger than a message may be."""

import json
import uuid
from threading import Event
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.aws.queues import MOST_MESSAGE_BYTES
from stepweave.model.events import EventType
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, batch_of, deduplication_id, event, messages, new_id, queue_sender
from tests.fakes.steps import Outside, context, items


def batch(size: int, count: int = 1) -> dict[str, Any]:
    entries = items(*({"text": "ü" * size, "n": n} for n in range(count)))
    return {"count": count, "items": entries}


def test_ids_are_random_uuids() -> None:
    made = {new_id() for _ in range(100)}
    assert len(made) == 100
    assert {uuid.UUID(text).version for text in made} == {4}


def test_many_events_are_split_over_messages_in_order() -> None:
    events = [event(EventType.NODE_LOG, nodeId="n", message="x" * 9000, level="info") for _ in range(60)]
    made = messages(context(), events)
    assert len(made) > 1
    assert all(len(body) <= MOST_MESSAGE_BYTES for body, _ in made)
    batches = [batch_of(body) for body, _ in made]
    assert [entry for part in batches for entry in part["events"]] == events
    ids = [[event["id"] for event in part["events"]] for part in batches]
    assert [deduplication for _, deduplication in made] == [deduplication_id(part) for part in ids]
    assert all(part["context"] == context() for part in batches)


def test_an_event_too_large_loses_its_inputs_items_first() -> None:
    large = event(
        EventType.NODE_SUCCEEDED, nodeId="n", input={"main": [batch(500, 100)]}, output={"main": batch(20, 10)}
    )
    [(body, _)] = messages(context(), [large])
    [told] = json.loads(body)["events"]
    kept = told["input"]["main"][0]
    assert kept["count"] == 100
    assert kept["truncated"] is True
    assert "items" not in kept
    assert len(kept["preview"]) < 100
    assert told["output"] == large["output"]


def test_an_event_far_too_large_keeps_counts_and_what_fits() -> None:
    huge = {"main": batch(5000, 30)}
    large = event(
        EventType.NODE_SUCCEEDED, nodeId="n", input={"main": [batch(5000, 30)]}, output=huge, data="x" * 300_000
    )
    [(body, _)] = messages(context(), [large])
    [told] = json.loads(body)["events"]
    assert told["output"]["main"]["count"] == 30
    assert told["output"]["main"]["preview"][0]["json"]["text"].startswith("ü")
    assert told["data"] is None
    assert len(body) <= MOST_MESSAGE_BYTES


def test_characters_that_a_queue_refuses_travel_as_escapes() -> None:
    [(body, _)] = messages(context(), [event(EventType.NODE_LOG, message="\uffff\ud83d\x00ü", level="info")])
    assert body.isascii()
    assert json.loads(body)["events"][0]["message"] == "\uffff\ufffd\x00ü"


def test_a_message_that_may_have_arrived_keeps_its_deduplication_id() -> None:
    outside = Outside()
    attempts: list[tuple[str, str]] = []

    def send(body: str, group: str, deduplication: str) -> None:
        attempts.append((body, deduplication))
        outside.send(body, group, deduplication)

    outbox = Outbox(context(), send)
    outside.failures = [AwsError("RequestTimeout", "?", retryable=True)]
    first = event(EventType.NODE_STARTED, nodeId="n")
    outbox.add(first)
    with pytest.raises(AwsError):
        outbox._flush()
    outbox.add(event(EventType.NODE_SUCCEEDED, nodeId="n"))
    outbox.close()
    assert attempts[0] == attempts[1]
    assert [entry["type"] for entry in outside.events] == ["node.started", "node.succeeded"]


def test_the_first_that_comes_of_a_result_does_not_wait_until_a_message_is_due() -> None:
    outside, told = Outside(), Event()

    def send(body: str, group: str, deduplication: str) -> None:
        outside.send(body, group, deduplication)
        told.set()

    outbox = Outbox(context(), send)
    outbox.send_soon()  # nothing is told of the step yet
    outbox.send_after(3600)
    first = outbox._timer
    outbox.add(event(EventType.NODE_STARTED, nodeId="n"))
    outbox.send_soon()
    assert told.wait(30)
    assert first is not None
    assert first.finished.is_set()
    outbox.close()
    outbox.send_soon()
    assert [entry["type"] for entry in outside.events] == ["node.started"]


def test_an_error_that_no_retry_can_help_is_reported_at_once() -> None:
    outside = Outside(failures=[AwsError("QueueDoesNotExist", "x")])
    outbox = Outbox(context(), outside.send)
    outbox.add(event(EventType.NODE_STARTED, nodeId="n"))
    with pytest.raises(EventDeliveryError, match="QueueDoesNotExist"):
        outbox.close()
    assert outside.bodies == []


def test_a_queue_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_EVENTS_QUEUE_URL", raising=False)
    with pytest.raises(KeyError, match="STEPWEAVE_EVENTS_QUEUE_URL"):
        queue_sender()


def test_messages_that_tell_of_the_same_node_first_are_both_delivered() -> None:
    told = event(EventType.NODE_SUCCEEDED, id="told", nodeId="limit", attempt=1)
    both = [messages(context(), [told, event(EventType.NODE_STARTED, nodeId=node, attempt=1)]) for node in "ab"]
    (first,), (second,) = both
    assert first[1] != second[1]
    assert messages(context(), [told])[0][1] == messages(context(), [told])[0][1]
