"""SQS, and SQS to Lambda."""

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.local.emulator.support import ROOT, Emulator, eventually, messages

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


def recorder(emulator: Emulator, code: str, **mapping: Any) -> tuple[str, str]:
    """A FIFO queue whose messages go to a function that reports to another queue; the URLs of both."""
    report, _ = emulator.queue()
    attributes = {**FIFO, "VisibilityTimeout": "2", **mapping.pop("attributes", {})}
    url, arn = emulator.queue(**attributes)
    head = "import boto3, json, os, time\nsqs = boto3.client('sqs')\n"
    tell = "def tell(value): sqs.send_message(QueueUrl=os.environ['REPORT'], MessageBody=json.dumps(value))\n"
    function = emulator.function(head + tell + code, Environment={"Variables": {"REPORT": report}})
    emulator.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=function, **mapping)
    return url, report


def send(emulator: Emulator, url: str, *bodies: tuple[str, Any]) -> None:
    """Send messages given as group and body, ten at a time."""
    for start in range(0, len(bodies), 10):
        entries = [
            {"Id": str(position), "MessageGroupId": group, "MessageBody": json.dumps(body)}
            for position, (group, body) in enumerate(bodies[start : start + 10])
        ]
        emulator.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)


def remaining(emulator: Emulator, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = emulator.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(value) for value in found.values())


TELL_BATCH = """
def handler(event, context):
    tell([[r["attributes"]["MessageGroupId"], json.loads(r["body"])] for r in event["Records"]])
"""


def test_a_group_stays_in_order_and_batches_hold_ten(emulator: Emulator) -> None:
    url, report = recorder(emulator, TELL_BATCH, BatchSize=10)
    send(emulator, url, *[(f"g{number % 5}", number) for number in range(100)])
    eventually(lambda: remaining(emulator, url) == 0)
    batches: list[list[list[Any]]] = []

    def all_told() -> bool:
        batches.extend(json.loads(body) for body in messages(emulator, report))
        return sum(len(batch) for batch in batches) >= 100

    eventually(all_told)
    assert max(len(batch) for batch in batches) <= 10
    assert sum(len(batch) for batch in batches) == 100


def test_a_group_is_handled_in_the_order_of_its_messages(emulator: Emulator) -> None:
    code = """
def handler(event, context):
    for r in event["Records"]:
        with open("/tmp/" + os.environ["REPORT"].rsplit("/", 1)[1], "a") as f:
            f.write(r["attributes"]["MessageGroupId"] + " " + r["body"] + "\\n")
"""
    url, report = recorder(emulator, code, BatchSize=3)
    send(emulator, url, *[(f"g{number % 4}", number) for number in range(80)])
    eventually(lambda: remaining(emulator, url) == 0)
    path = Path("/tmp", report.rsplit("/", 1)[1])
    lines = [line.split() for line in path.read_text().splitlines()]
    path.unlink()
    for group in range(4):
        seen = [int(body) for name, body in lines if name == f"g{group}"]
        assert seen == sorted(seen)
        assert len(seen) == 20


@pytest.mark.corrects("sqs_event_source")
def test_groups_do_not_wait_for_each_other(emulator: Emulator) -> None:
    # The slow group's message waits for one of the quick group, which is sent only when the slow one is being handled.
    code = """
def handler(event, context):
    for r in event["Records"]:
        tell(json.loads(r["body"]))
        if json.loads(r["body"]) == "slow":
            time.sleep(20)
"""
    url, report = recorder(emulator, code, BatchSize=1)
    send(emulator, url, ("a", "slow"))
    assert json.loads(messages(emulator, report)[0]) == "slow"
    send(emulator, url, ("b", "quick"))
    assert json.loads(messages(emulator, report, seconds=10)[0]) == "quick"


def test_only_what_failed_comes_again(emulator: Emulator) -> None:
    code = """
def handler(event, context):
    failed = []
    for r in event["Records"]:
        body = json.loads(r["body"])
        tell([body, r["attributes"]["ApproximateReceiveCount"]])
        if body == "bad" and r["attributes"]["ApproximateReceiveCount"] == "1":
            failed.append({"itemIdentifier": r["messageId"]})
    return {"batchItemFailures": failed}
"""
    url, report = recorder(emulator, code, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(emulator, url, ("a", "good"), ("b", "bad"), ("c", "fine"))
    told = [json.loads(body) for body in messages(emulator, report, 4)]
    assert sorted(map(tuple, told)) == [("bad", "1"), ("bad", "2"), ("fine", "1"), ("good", "1")]
    eventually(lambda: remaining(emulator, url) == 0)


def test_a_message_that_keeps_failing_ends_in_the_dead_letter_queue(emulator: Emulator) -> None:
    dead, dead_arn = emulator.queue(**FIFO)
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, _ = recorder(
        emulator,
        "def handler(event, context):\n    raise ValueError",
        attributes={"RedrivePolicy": policy, "VisibilityTimeout": "1"},
    )
    send(emulator, url, ("a", "poison"))
    assert messages(emulator, dead, seconds=30) == ['"poison"']
    assert remaining(emulator, url) == 0


@pytest.mark.corrects("sqs_event_source")
def test_an_answer_that_names_an_unknown_message_fails_the_batch(emulator: Emulator) -> None:
    code = """
def handler(event, context):
    tell(event["Records"][0]["attributes"]["ApproximateReceiveCount"])
    return {"batchItemFailures": [{"itemIdentifier": "unknown"}]}
"""
    url, report = recorder(emulator, code, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(emulator, url, ("a", 1))
    assert messages(emulator, report, 2) == ['"1"', '"2"']


def test_a_message_is_sent_once_within_five_minutes(emulator: Emulator) -> None:
    url, _ = emulator.queue(**FIFO)
    for _ in range(3):
        send(emulator, url, ("a", "same"))
    assert remaining(emulator, url) == 1


def test_deduplication_forgets_from_the_oldest_on(emulator: Emulator) -> None:
    script = """
import time
from local.emulator.corrections.sqs_event_source import list_until
now = time.time()
print(list_until({"a": {"expire": now - 2}, "b": {"expire": now - 1}, "c": {"expire": now + 9}}, now))
"""
    done = subprocess.run([str(emulator.python), "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a', 'b']"


def test_a_mapping_made_after_the_messages_takes_them(emulator: Emulator) -> None:
    url, arn = emulator.queue()
    report, _ = emulator.queue()
    emulator.client("sqs").send_message(QueueUrl=url, MessageBody=uuid.uuid4().hex)
    function = emulator.function(
        "import boto3, os\ndef handler(event, context):\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['REPORT'], MessageBody='seen')",
        Environment={"Variables": {"REPORT": report}},
    )
    emulator.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=function)
    assert messages(emulator, report) == ["seen"]
