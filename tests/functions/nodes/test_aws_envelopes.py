"""What S3 and EventBridge put into a queue, as the triggers read it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.nodes.apps.aws.envelopes import event_of, objects_of
from functions.nodes.apps.aws.triggers.eventbridge import trigger as eventbridge
from functions.nodes.apps.aws.triggers.eventbridge.spec import SPEC as EVENTBRIDGE
from functions.nodes.apps.aws.triggers.s3 import trigger as s3
from functions.nodes.apps.aws.triggers.s3.spec import SPEC as S3
from stepweave.spec.node import NodeSpec
from tests.fakes.web import Exchange, Web
from tests.functions.nodes.aws import KEYS, Trigger


def message(body: Any, id: str = "m") -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"MessageId": id, "ReceiptHandle": f"r-{id}", "Body": text}


def record(key: str = "a.txt", event: str = "ObjectCreated:Put", bucket: str = "b", **stored: Any) -> dict[str, Any]:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": "2026-11-29T09:00:00.000Z",
        "eventName": event,
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 3, "eTag": "e", "sequencer": "01", **stored}},
    }


def noted(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def by_event(key: str = "a b+c.txt", type: str = "Object Created") -> dict[str, Any]:
    stored = {"key": key, "size": 3, "etag": "e", "sequencer": "01"}
    detail = {"bucket": {"name": "b"}, "object": stored, "reason": "PutObject"}
    return {"source": "aws.s3", "detail-type": type, "time": "t", "region": "r", "detail": detail, "id": "7"}


def keys(body: Any, bucket: str = "", prefix: str = "", suffix: str = "") -> list[Any]:
    return [one.get("key", one.get("problem")) for one in objects_of(message(body), bucket, prefix, suffix).items]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("red+flower.jpg", "red flower.jpg"),
        ("a%2Bb.txt", "a+b.txt"),
        ("in%2Fout/%C3%BC.txt", "in/out/ü.txt"),
        ("year%3D2026/1%25.txt", "year=2026/1%.txt"),
        ("%F0%9F%98%80", "😀"),
        ("%FF", "\ufffd"),
        ("__proto__", "__proto__"),
        ("plain.txt", "plain.txt"),
    ],
)
def test_a_notification_has_its_key_decoded(sent: str, meant: str) -> None:
    assert keys(noted(record(sent))) == [meant]


def test_an_event_of_eventbridge_has_its_key_as_it_is() -> None:
    [item] = objects_of(message(by_event("a+b%20c.txt")), "", "", "").items
    assert (item["key"], item["event"], item["eTag"]) == ("a+b%20c.txt", "ObjectCreated:Put", "e")


def test_a_notification_that_came_by_sns_is_read() -> None:
    assert keys({"Type": "Notification", "TopicArn": "t", "Message": json.dumps(noted(record("x+y")))}) == ["x y"]


def test_several_records_are_several_items() -> None:
    assert keys(noted(record("1"), record("2"))) == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"},
        {"Type": "Notification", "Message": '{"Service":"Amazon S3","Event":"s3:TestEvent"}'},
        noted(record(event="ObjectRemoved:Delete")),
        noted(record(event="ObjectRestore:Completed")),
        by_event(type="Object Deleted"),
    ],
)
def test_what_makes_no_object_starts_nothing(body: Any) -> None:
    assert keys(body) == []


def test_only_what_is_wanted_is_given() -> None:
    body = noted(record("in/a.pdf"), record("out/a.pdf"), record("in/a.txt"), record("in/a.pdf", bucket="other"))
    assert keys(body, "b", "in/", ".pdf") == ["in/a.pdf"]


def test_servers_that_name_events_with_s3_are_read() -> None:
    assert keys(noted(record(event="s3:ObjectCreated:Put"))) == ["a.txt"]


@pytest.mark.parametrize(
    "body",
    [
        "text",
        "",
        "7",
        "null",
        "[1]",
        "{",
        "[" * 5000,
        {},
        {"Records": []},
        {"Records": 7},
        {"Records": [7]},
        {"Records": [{"s3": {}}]},
        {"Records": [{"s3": {"bucket": {"name": 7}, "object": {"key": "k"}}, "eventName": "ObjectCreated:Put"}]},
        {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": {}}}, "eventName": "ObjectCreated:Put"}]},
        {"Type": "Notification", "Message": "hello"},
        {"Type": "Notification", "Message": {"Records": []}},
        {"source": "aws.s3", "detail-type": "Object Created", "detail": None},
        {"__proto__": {"Records": []}},
    ],
)
def test_what_is_no_notification_is_an_item_that_says_so(body: Any) -> None:
    read = objects_of(message(body), "b", "x", "")
    [item] = read.items
    assert "not a notification of S3" in item["problem"]
    assert item["message"]["messageId"] == "m"
    assert read.key == "m"


def test_one_write_is_known_by_its_sequencer_and_two_writes_are_two() -> None:
    def key(**stored: Any) -> str:
        return objects_of(message(noted(record(**stored)), "other"), "", "", "").key

    assert key() == objects_of(message(noted(record())), "", "", "").key
    assert len({key(), key(sequencer="02"), key(versionId="v"), key(sequencer=None)}) == 4


def test_an_event_is_read_and_known_by_its_id() -> None:
    event = {"id": "7", "source": "shop", "detail-type": "Order", "detail": {"n": 1}, "resources": ["a"]}
    read = event_of(message(event))
    assert read.key == "event 7"
    [item] = read.items
    assert (item["source"], item["detailType"], item["detail"], item["resources"]) == ("shop", "Order", {"n": 1}, ["a"])


@pytest.mark.parametrize("body", ["x", "[]", {}, {"source": "s"}, {"source": "s", "detail-type": 7}, noted(record())])
def test_what_is_no_event_is_an_item_that_says_so(body: Any) -> None:
    [item] = event_of(message(body)).items
    assert "not an event of EventBridge" in item["problem"]


@pytest.mark.parametrize(
    ("spec", "poll", "body"),
    [(S3, s3.poll, noted(record())), (EVENTBRIDGE, eventbridge.poll, by_event())],
    ids=["s3", "eventbridge"],
)
def test_what_is_told_twice_starts_once_and_all_messages_are_deleted(
    web: Web, spec: NodeSpec, poll: Callable[..., Any], body: Any
) -> None:
    gives = [[message(body, "1"), message(body, "2")], [], [message(body, "3")], []]
    deleted: list[str] = []

    def answer(it: Exchange) -> None:
        asked = json.loads(it.asked.body)
        deleted.extend(one["ReceiptHandle"] for one in asked.get("Entries", ()))
        is_receive = it.asked.headers["x-amz-target"].endswith("ReceiveMessage")
        it.answer(200, json.dumps({"Messages": gives.pop(0)} if is_receive else {}).encode())

    web.routes["/"] = answer
    trigger = Trigger(spec, {"poll": poll}, {"queue": "https://q/1/x"}, {**KEYS, "endpoint": web.url("")})
    trigger.polled(first=True)
    assert len(trigger.polled()) == 1
    assert (trigger.more, deleted) == (True, [])
    assert trigger.polled() == []
    assert sorted(deleted) == ["r-1", "r-2", "r-3"]
