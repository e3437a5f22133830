"""Messages of a queue, against moto's SQS and against answers that AWS gives when something is wrong."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from functions.nodes.apps.aws import receiving
from functions.nodes.apps.aws.messages import item_of
from functions.nodes.apps.aws.triggers.sqs.options import LOADERS
from functions.nodes.apps.aws.triggers.sqs.spec import SPEC
from functions.nodes.apps.aws.triggers.sqs.trigger import poll
from stepweave.runtime.options import options
from tests.fakes.web import Exchange, Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, REGION, Trigger

ASKS = {"poll": poll, "options": options(LOADERS)}


class Sqs:
    """A queue at moto, and the trigger that reads it."""

    def __init__(self, boto: Boto, endpoint: str, *, fifo: bool = False, **attributes: str) -> None:
        self.client = boto("sqs")
        self.name = f"q-{uuid.uuid4().hex[:8]}{'.fifo' if fifo else ''}"
        attributes |= {"FifoQueue": "true"} if fifo else {}
        self.url = self.client.create_queue(QueueName=self.name, Attributes=attributes)["QueueUrl"]
        self.trigger = Trigger(SPEC, ASKS, {"queue": self.name}, {**KEYS, "endpoint": endpoint})

    def sends(self, *bodies: Any, **more: Any) -> None:
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            self.client.send_message(QueueUrl=self.url, MessageBody=text, **more)

    @property
    def left(self) -> tuple[int, int]:
        """How many messages can be received, and how many are with a receiver."""
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


@pytest.fixture
def make(boto: Boto, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sqs]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setattr(receiving, "WAIT_SECONDS", 0)
    return lambda **given: Sqs(boto, moto_endpoint, **given)


@pytest.fixture
def sqs(make: Callable[..., Sqs]) -> Sqs:
    return make()


@pytest.fixture
def answers(web: Web) -> Callable[..., Trigger]:
    """Return a trigger whose AWS answers the same to everything."""

    def made(status: int, body: bytes, **headers: str) -> Trigger:
        web.routes["/"] = lambda it: it.answer(status, body, **headers)
        return Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})

    return made


def bodies(items: list[Any]) -> list[Any]:
    return [item["body"] for item in items]


def test_messages_are_deleted_when_the_workflow_has_them_and_not_before(sqs: Sqs) -> None:
    assert sqs.trigger.polled(first=True) == []
    sqs.sends({"n": 1}, {"n": 2})
    items = sqs.trigger.polled()
    assert sorted(item["body"]["n"] for item in items) == [1, 2]
    assert (sqs.trigger.more, sqs.left) == (True, (0, 2))
    assert sqs.trigger.polled() == []
    assert sqs.left == (0, 0)


def test_what_is_there_at_first_starts_the_workflow_too(sqs: Sqs) -> None:
    sqs.sends("early")
    assert sqs.trigger.polled(first=True) == []
    assert bodies(sqs.trigger.polled()) == ["early"]


def test_what_was_received_and_not_kept_comes_again(sqs: Sqs, monkeypatch: pytest.MonkeyPatch) -> None:
    sqs.trigger.polled(first=True)
    sqs.sends("a")
    monkeypatch.setattr(receiving, "HIDDEN_SECONDS", 0)
    sqs.trigger.limit = 1
    assert bodies(sqs.trigger.peeked()["items"]) == ["a"]
    [again] = sqs.trigger.polled()
    assert (again["body"], again["receiveCount"]) == ("a", 2)


def test_a_message_that_comes_again_starts_nothing_and_is_deleted(sqs: Sqs, monkeypatch: pytest.MonkeyPatch) -> None:
    sqs.trigger.polled(first=True)
    sqs.sends("a")
    monkeypatch.setattr(receiving, "HIDDEN_SECONDS", 0)
    sqs.trigger.limit = 1
    assert bodies(sqs.trigger.polled()) == ["a"]
    # Its receipt has ended, as with a FIFO queue: deleting says no, and the message is there once more.
    sqs.trigger.cursor = {**sqs.trigger.cursor, "receipts": ["ended"]}
    monkeypatch.setattr(receiving, "HIDDEN_SECONDS", 180)
    assert sqs.trigger.polled() == []
    assert sqs.left == (0, 0)


def test_more_than_may_be_started_at_once_stays_for_the_next_time(sqs: Sqs) -> None:
    sqs.trigger.polled(first=True)
    sqs.trigger.limit = 15
    sqs.sends(*(str(n) for n in range(20)))
    first, second = bodies(sqs.trigger.polled()), bodies(sqs.trigger.polled())
    assert (len(first), len(second)) == (15, 5)
    assert sorted(map(int, first + second)) == list(range(20))
    assert (sqs.trigger.polled(), sqs.left) == ([], (0, 0))


def test_a_fifo_queue_keeps_its_order(make: Callable[..., Sqs]) -> None:
    sqs = make(fifo=True)
    sqs.trigger.polled(first=True)
    for n in range(12):
        sqs.sends(str(n), MessageGroupId="g", MessageDeduplicationId=str(n))
    found = []
    while items := sqs.trigger.polled():
        found += items
    assert bodies(found) == [str(n) for n in range(12)]
    assert (found[0]["groupId"], found[0]["deduplicationId"]) == ("g", "0")
    assert sqs.left == (0, 0)


def test_large_messages_are_taken_as_many_as_fit_and_the_others_given_back(sqs: Sqs) -> None:
    sqs.trigger.polled(first=True)
    large = "é" * 125_000  # 250 KB, and 750 KB as JSON
    sqs.sends(*([large] * 7))
    counts = []
    while items := sqs.trigger.polled():
        counts.append(len(items))
        assert sqs.left[1] == len(items)
    assert (sum(counts), max(counts), sqs.left) == (7, 4, (0, 0))


def test_looking_leaves_the_messages_there(sqs: Sqs) -> None:
    sqs.sends("a", "b")
    sqs.trigger.limit = 3
    assert sorted(bodies(sqs.trigger.peeked()["items"])) == ["a", "b"]
    assert sqs.left == (2, 0)


def test_looking_at_a_message_that_may_be_received_once_is_refused(make: Callable[..., Sqs]) -> None:
    dead = make()
    arn = dead.client.get_queue_attributes(QueueUrl=dead.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs = make(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1}))
    sqs.sends("a")
    error = sqs.trigger.refused()
    assert (error["type"], error["details"]["field"]) == ("ParameterInvalid", "params.queue")
    assert (sqs.left, dead.left) == ((1, 0), (0, 0))


def test_attributes_and_moments_are_in_the_item(sqs: Sqs) -> None:
    sqs.trigger.polled(first=True)
    attributes = {
        "source": {"DataType": "String", "StringValue": "shop"},
        "count": {"DataType": "Number", "StringValue": "7"},
        "exact": {"DataType": "Number", "StringValue": "12345678901234567890123456789"},
        "bytes": {"DataType": "Binary.gz", "BinaryValue": b"\x00\x01"},
    }
    sqs.sends("a", MessageAttributes=attributes)
    [item] = sqs.trigger.polled()
    assert item["attributes"] == {
        "source": "shop",
        "count": 7,
        "exact": "12345678901234567890123456789",
        "bytes": "AAE=",
    }
    assert item["sentAt"].endswith("Z")


def test_a_queue_is_found_by_name_url_and_arn(sqs: Sqs) -> None:
    arn = f"arn:aws:sqs:{REGION}:123456789012:{sqs.name}"
    for named in (sqs.name, sqs.url, arn, f"  {sqs.name} "):
        sqs.trigger.params = {"queue": named}
        assert sqs.trigger.polled(first=True) == []


@pytest.mark.parametrize(
    "named",
    [
        "../x",
        "a b",
        "__proto__/..",
        "x" * 81,
        "a\0b",
        "arn:aws:sns:eu-central-1:123456789012:topic",
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/1/orders",
        "https://sqs.s3.amazonaws.com/1/orders",
        "arn:aws:sqs:s3:123456789012:orders",
        "https://sqs.eu-central-1.amazonaws.com.evil.example/1/q",
    ],
)
def test_what_names_no_queue_is_refused_at_the_field_and_nothing_is_asked(named: str) -> None:
    trigger = Trigger(SPEC, ASKS, {"queue": named}, KEYS)
    error = trigger.refused(first=True)
    assert (error["type"], error["details"]["field"]) == ("ParameterInvalid", "params.queue")


def test_a_url_says_the_region_and_is_never_where_a_request_goes(web: Web) -> None:
    web.routes["/"] = lambda it: it.answer(200, b"{}")
    url = "https://sqs.us-west-2.amazonaws.com/123456789012/orders"
    trigger = Trigger(SPEC, ASKS, {"queue": url}, {**KEYS, "endpoint": web.url("")})
    trigger.polled(first=True)
    [asked] = web.asked
    assert json.loads(asked.body)["QueueUrl"] == url
    assert asked.headers["host"] == f"127.0.0.1:{web.port}"


def test_a_queue_that_is_not_there_is_said_at_the_field(sqs: Sqs) -> None:
    for named in ("not-there", f"{sqs.url}-gone"):
        sqs.trigger.params = {"queue": named}
        error = sqs.trigger.refused(first=True)
        assert (error["type"], error["details"]["field"]) == ("AwsResourceMissing", "params.queue")
        assert REGION in error["message"]


DENIED = (
    b'{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: arn:aws:iam::1:user/x is not '
    b'authorized to perform: sqs:getqueueattributes"}'
)


@pytest.mark.parametrize(
    ("status", "body", "type", "words"),
    [
        (400, DENIED, "AwsAccessDenied", "may not do sqs:GetQueueAttributes on the queue orders"),
        (403, b'{"__type":"InvalidClientTokenId","message":"The token is invalid."}', "AwsKeysRefused", "key"),
        (403, b'{"__type":"SignatureDoesNotMatch","message":"no"}', "AwsKeysRefused", "SignatureDoesNotMatch"),
        (403, b'{"__type":"ExpiredToken","message":"ended"}', "AwsKeysRefused", "ExpiredToken"),
        (400, b'{"__type":"com.amazonaws.sqs#RequestThrottled","message":"slow"}', "HttpRateLimited", "fewer calls"),
        (400, b'{"__type":"com.amazonaws.sqs#OverLimit","message":"120000"}', "AwsRefused", "OverLimit"),
        (503, b"<html>busy</html>", "HttpServerError", "503"),
        (301, b"", "AwsRefused", "Http301"),
        (200, b"<html>a page</html>", "ResponseInvalid", "is not AWS"),
        (200, b"[]", "ResponseInvalid", "is not AWS"),
        (200, b"[" * 100_000, "ResponseInvalid", "is not AWS"),
        (400, b"\xff\xfe", "AwsRefused", "Http400"),
    ],
)
def test_what_aws_refuses_is_said_in_words(
    answers: Callable[..., Trigger], status: int, body: bytes, type: str, words: str
) -> None:
    error = answers(status, body).refused(first=True)
    assert error["type"] == type
    assert words in error["message"]
    assert KEYS["secretAccessKey"] not in json.dumps(error)


def test_a_failure_to_delete_stops_the_poll_before_anything_is_received(web: Web) -> None:
    targets: list[str] = []

    def answer(it: Exchange) -> None:
        targets.append(it.asked.headers["x-amz-target"])
        it.answer(400, DENIED) if targets[-1].endswith("DeleteMessageBatch") else it.answer(200, b"{}")

    web.routes["/"] = answer
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})
    trigger.polled(first=True)
    trigger.cursor["receipts"] = ["r"]
    assert trigger.refused()["details"]["action"] == "sqs:DeleteMessage"
    assert targets == ["AmazonSQS.GetQueueAttributes", "AmazonSQS.DeleteMessageBatch"]


def test_what_came_before_a_failure_is_given_and_the_failure_is_told_next(web: Web) -> None:
    full = [{"MessageId": uuid.uuid4().hex, "ReceiptHandle": "r", "Body": "b"} for _ in range(10)]
    gives = [full]

    def answer(it: Exchange) -> None:
        if it.asked.headers["x-amz-target"].endswith("ReceiveMessage") and not gives:
            it.answer(400, b'{"__type":"com.amazonaws.sqs#RequestThrottled","message":"slow"}')
        else:
            is_receive = it.asked.headers["x-amz-target"].endswith("ReceiveMessage")
            it.answer(200, json.dumps({"Messages": gives.pop()} if is_receive else {}).encode())

    web.routes["/"] = answer
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})
    trigger.cursor = {}
    assert len(trigger.polled()) == 10
    assert (trigger.more, len(trigger.cursor["receipts"])) == (True, 10)
    assert trigger.refused()["type"] == "HttpRateLimited"


def test_a_thousand_receipts_leave_room_in_the_cursor(web: Web) -> None:
    long = "r" * 4000

    def answer(it: Exchange) -> None:
        n = int(it.asked.headers["x-amz-target"].endswith("ReceiveMessage"))
        found = [{"MessageId": uuid.uuid4().hex, "ReceiptHandle": long, "Body": "b"} for _ in range(10 * n)]
        it.answer(200, json.dumps({"Messages": found}).encode())

    web.routes["/"] = answer
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})
    trigger.polled(first=True)
    for _ in range(3):
        assert len(trigger.polled()) == 100
    assert len(json.dumps(trigger.cursor)) < 256 * 1024


def test_one_message_twice_in_a_batch_is_one_item(web: Web) -> None:
    found = [{"MessageId": "m", "ReceiptHandle": f"r{n}", "Body": "b"} for n in range(2)]
    gives = [{"Messages": found}, {}]

    def answer(it: Exchange) -> None:
        is_receive = it.asked.headers["x-amz-target"].endswith("ReceiveMessage")
        it.answer(200, json.dumps(gives.pop(0) if is_receive else {}).encode())

    web.routes["/"] = answer
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})
    trigger.cursor = {}
    assert len(trigger.polled()) == 1
    assert trigger.cursor["receipts"] == ["r0", "r1"]


@pytest.mark.parametrize("messages", [[7], [{}], {"a": 1}, [{"MessageId": 1, "ReceiptHandle": "r"}]])
def test_messages_that_are_none_are_refused(web: Web, messages: Any) -> None:
    web.routes["/"] = lambda it: it.answer(200, json.dumps({"Messages": messages}).encode())
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, "endpoint": web.url("")})
    trigger.cursor = {}
    assert trigger.refused()["type"] == "ResponseInvalid"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("plain", {"body": "plain"}),
        ("7", {"body": "7"}),
        ('"text"', {"body": '"text"'}),
        (' {"a": 1}', {"body": {"a": 1}}),
        ("[1, 2]", {"body": [1, 2]}),
        ("{not json", {"body": "{not json"}),
        ('{"__proto__": {"x": 1}}', {"body": {"__proto__": {"x": 1}}}),
        (
            '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]',
            {"body": None, "storedAt": {"bucket": "b", "key": "k"}},
        ),
        ("", {"body": ""}),
    ],
)
def test_a_body_is_read_where_it_is_an_object_or_a_list(body: str, wanted: dict[str, Any]) -> None:
    item = item_of({"MessageId": "m", "ReceiptHandle": "r", "Body": body}, as_json=True)
    assert {name: item[name] for name in wanted} == wanted
    assert "problem" not in item
    assert item_of({"MessageId": "m", "ReceiptHandle": "r", "Body": body}, as_json=False)["body"] == body


@pytest.mark.parametrize(
    "body",
    ["[" * 300 + "]" * 300, '{"a": 1e999}', '{"a": "\\ud800"}', "[" + "1e15," * 200_000 + "1]"],
    ids=["deep", "endless", "half", "grows"],
)
def test_a_body_that_nobody_could_carry_stays_text_and_says_why(body: str) -> None:
    item = item_of({"MessageId": "m", "ReceiptHandle": "r", "Body": body}, as_json=True)
    assert item["body"] == body
    assert item["problem"]


def test_queues_can_be_chosen(sqs: Sqs) -> None:
    given = {"loader": "queues", "search": "", "page": ""}
    found = sqs.trigger.ask("options", given)["answer"]["options"]
    assert {"value": sqs.url, "label": sqs.name} in found


def test_keys_without_a_secret_are_told_of_before_anything_is_asked(sqs: Sqs) -> None:
    sqs.trigger.data = {"accessKeyId": "A", "region": REGION}
    assert sqs.trigger.refused(first=True)["type"] == "CredentialMissing"


def test_a_role_is_taken_on_once(sqs: Sqs, web: Web) -> None:
    asked: list[tuple[str, str]] = []
    keys = (
        b"<r><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s&amp;1</SecretAccessKey>"
        b"<SessionToken>t1</SessionToken></r>"
    )

    def answer(it: Exchange) -> None:
        text = it.asked.body.decode()
        asked.append((it.asked.headers["authorization"], it.asked.headers.get("x-amz-security-token", "")))
        it.answer(200, keys if "AssumeRole" in text else b"{}")
        if "AssumeRole" in text:
            assert "ExternalId=ours" in text

    web.routes["/"] = answer
    role = {"roleArn": f"arn:aws:iam::123456789012:role/{uuid.uuid4().hex}", "externalId": "ours"}
    trigger = Trigger(SPEC, ASKS, {"queue": "https://q/1/orders"}, {**KEYS, **role, "endpoint": web.url("")})
    trigger.polled(first=True)
    trigger.polled(first=True)
    assert ["AKIATEST" in one and "/sts/" in one for one, _ in asked] == [True, False, False]
    assert ["ASIA1" in one for one, _ in asked] == [False, True, True]
    assert [token for _, token in asked] == ["", "t1", "t1"]


def test_a_role_that_may_not_be_taken_on_is_named(web: Web) -> None:
    body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    web.routes["/"] = lambda it: it.answer(403, body)
    arn = f"arn:aws:iam::123456789012:role/{uuid.uuid4().hex}"
    data = {**KEYS, "roleArn": arn, "endpoint": web.url("")}
    error = Trigger(SPEC, ASKS, {"queue": "q"}, data).refused(first=True)
    assert (error["type"], error["details"]["action"]) == ("AwsAccessDenied", "sts:AssumeRole")
    assert arn in error["message"]


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "https://127.0.0.1:1", "https://[::1]", "https://10.0.0.8"])
def test_an_endpoint_in_a_private_network_is_refused(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", raising=False)
    error = Trigger(SPEC, ASKS, {"queue": "q"}, {**KEYS, "endpoint": endpoint}).refused(first=True)
    assert error["type"] == "AddressForbidden"
