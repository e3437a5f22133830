"""SQS, SNS, EventBridge, SES and Lambda, against moto's and against what AWS answers when something is wrong."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from functions.nodes.apps.aws import service
from functions.nodes.apps.aws.nodes.eventbridge.run import run as put_events
from functions.nodes.apps.aws.nodes.eventbridge.spec import SPEC as EVENTBRIDGE
from functions.nodes.apps.aws.nodes.lambda_.run import run as invoke
from functions.nodes.apps.aws.nodes.lambda_.spec import SPEC as LAMBDA
from functions.nodes.apps.aws.nodes.ses.run import run as send_mail
from functions.nodes.apps.aws.nodes.ses.spec import SPEC as SES
from functions.nodes.apps.aws.nodes.sns.run import run as publish
from functions.nodes.apps.aws.nodes.sns.spec import SPEC as SNS
from functions.nodes.apps.aws.nodes.sqs.run import run as sqs
from functions.nodes.apps.aws.nodes.sqs.spec import SPEC as SQS
from stepweave.model.items import Item
from stepweave.runtime.running import Run
from stepweave.spec.node import NodeSpec
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, acting, failure

Answering = Callable[..., Bench]


@pytest.fixture
def on_moto(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[NodeSpec, Run], Bench]:
    return lambda spec, run: acting(spec, run, moto_endpoint, monkeypatch)


@pytest.fixture
def answering(web: Web, monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Return a node whose AWS gives one answer after the other, the last for ever."""
    monkeypatch.setattr(service, "PAUSES", [0, 0, 0])

    def made(spec: NodeSpec, run: Run, *answers: Any, **headers: str) -> Bench:
        left = [answer if isinstance(answer, tuple) else (200, answer) for answer in answers]

        def give(it: Any) -> None:
            status, body = left.pop(0) if len(left) > 1 else left[0]
            it.answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), **headers)

        web.otherwise = give
        bench = Bench(spec, run)
        bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
        return bench

    return made


def outcomes(bench: Bench, params: dict[str, Any], inputs: list[Item]) -> list[Any]:
    """Return what each item gave, or the type of its error."""
    result = bench({"credential": "c", **params}, inputs, settings={"onError": "continue"})
    found = bench.outside.claims.fetch(result["output"]["main"], TENANT)
    return [one["json"].get("error", {}).get("type") or one["json"] for one in found]


def queue(boto: Boto, name: str, **attributes: str) -> str:
    return str(boto("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def test_messages_are_sent_received_and_deleted(on_moto: Any, boto: Boto) -> None:
    name = f"q-{uuid.uuid4().hex}"
    queue(boto, name)
    bench = on_moto(SQS, sqs)
    attributes = [
        {"name": "n", "type": "Number", "value": "{{ $json.n }}"},
        {"name": "b", "type": "Binary", "value": "aGk="},
    ]
    sent = {"credential": "c", "operation": "send", "queue": name, "body": "{{ $json }}", "attributes": attributes}
    assert len(bench.json(sent, items(*({"n": number} for number in range(12))))) == 12
    receive = {"credential": "c", "operation": "receive", "queue": name, "most": 50, "wait": 0}
    found = bench.json(receive, items({}))
    assert sorted(one["body"]["n"] for one in found) == list(range(12))
    assert {one["attributes"]["b"] for one in found} == {"aGk="}
    assert found[0]["attributes"]["n"] == found[0]["body"]["n"]
    delete = {"credential": "c", "operation": "delete", "queue": name, "receipt": "{{ $json.receipt }}"}
    assert outcomes(bench, delete, items(*found)) == [{"deleted": True}] * 12
    assert bench.json({**receive, "deleteReceived": True}, items({})) == []
    assert outcomes(bench, delete, items({"receipt": "none"})) == ["AwsRefused"]


def test_a_fifo_queue_takes_an_item_once_however_often_it_is_tried(on_moto: Any, boto: Boto) -> None:
    name = f"q-{uuid.uuid4().hex}.fifo"
    url = queue(boto, name, FifoQueue="true")
    bench = on_moto(SQS, sqs)
    for _ in range(2):
        bench.json({"credential": "c", "queue": url, "body": "hello {{ $json.n }}"}, items({"n": 1}, {"n": 2}))
    found = boto("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [one["Body"] for one in found] == ["hello 1", "hello 2"]


def test_large_messages_go_in_calls_of_their_own(answering: Answering, web: Web) -> None:
    bench = answering(SQS, sqs, {"QueueUrl": "https://q/1/x"}, {"Successful": [{"Id": "0", "MessageId": "m"}]})
    large = {"text": "x" * 200_000}
    bench.json({"credential": "c", "queue": "x", "body": "{{ $json }}"}, items(large, large, large))
    assert [asked.headers["x-amz-target"].rpartition(".")[2] for asked in web.asked] == [
        "GetQueueUrl", "SendMessageBatch", "SendMessageBatch", "SendMessageBatch",
    ]  # fmt: skip


def test_of_a_batch_each_message_succeeds_fails_or_is_sent_again_by_itself(answering: Answering, web: Web) -> None:
    first = {
        "Successful": [{"Id": "0", "MessageId": "m0"}],
        "Failed": [
            {"Id": "1", "Code": "InvalidMessageContents", "Message": "bad", "SenderFault": True},
            {"Id": "2", "Code": "InternalError", "Message": "later", "SenderFault": False},
        ],
    }
    second = {"Successful": [{"Id": "2", "MessageId": "m2"}]}
    bench = answering(SQS, sqs, {"QueueUrl": "https://q/1/x"}, first, second)
    found = outcomes(bench, {"queue": "x", "body": "{{ $json.t }}"}, items({"t": "a"}, {"t": "b"}, {"t": "c"}))
    assert found == [{"messageId": "m0"}, "AwsRefused", {"messageId": "m2"}]
    assert [one["Id"] for one in json.loads(web.asked[-1].body)["Entries"]] == ["2"]


def test_a_message_is_published_to_all_who_subscribed(on_moto: Any, boto: Boto) -> None:
    name = f"t-{uuid.uuid4().hex}"
    topic = boto("sns").create_topic(Name=name)["TopicArn"]
    url = queue(boto, name)
    boto("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-central-1:123456789012:{name}")
    bench = on_moto(SNS, publish)
    params = {"credential": "c", "topic": topic, "message": "{{ $json.m }}", "subject": "S"}
    assert len(bench.json(params, items({"m": "hi"}, {"m": {"a": 1}}))) == 2
    found = boto("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    told = [json.loads(one["Body"]) for one in found]
    assert sorted(one["Message"] for one in told) == ["hi", '{"a": 1}']
    assert {one["Subject"] for one in told} == {"S"}
    assert failure(bench, {**params, "topic": f"{topic}-none"}, items({"m": "x"}))["type"] == "AwsResourceMissing"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"topic": "orders", "message": "x"}, "params.topic"),
        ({"topic": "arn:aws:sns:evil.example/:123456789012:x", "message": "x"}, "params.topic"),
        (
            {"topic": "arn:aws:sns:eu-central-1:123456789012:x", "message": {"sms": "x"}, "byProtocol": True},
            "params.message",
        ),
        ({"to": "phone", "phone": "0301234", "message": "x"}, "params.phone"),
    ],
)
def test_what_sns_cannot_publish_is_named(on_moto: Any, params: dict[str, Any], field: str) -> None:
    told = failure(on_moto(SNS, publish), {"credential": "c", **params})
    assert (told["type"], told["details"]["field"]) == ("ParameterInvalid", field)


def test_a_telephone_is_called_by_its_number(on_moto: Any) -> None:
    params = {"credential": "c", "to": "phone", "phone": "+49 (30) 123-456", "message": "hi"}
    assert on_moto(SNS, publish).json(params, items({}))[0]["messageId"]


def test_events_are_put_and_those_that_failed_are_put_again_or_told(answering: Answering, web: Web) -> None:
    first = {
        "FailedEntryCount": 2,
        "Entries": [
            {"EventId": "e0"},
            {"ErrorCode": "InternalFailure", "ErrorMessage": "later"},
            {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."},
        ],
    }
    second = {"FailedEntryCount": 0, "Entries": [{"EventId": "e1"}]}
    bench = answering(EVENTBRIDGE, put_events, first, second)
    params = {"source": "com.example", "detailType": "t", "detail": "{{ $json }}"}
    found = outcomes(bench, params, items({"n": 1}, {"n": 2}, {"n": 3}))
    assert found == [{"eventId": "e0"}, {"eventId": "e1"}, "AwsRefused"]
    assert [len(json.loads(asked.body)["Entries"]) for asked in web.asked] == [3, 1]


def test_events_reach_the_bus_with_their_resources(on_moto: Any) -> None:
    bench = on_moto(EVENTBRIDGE, put_events)
    params = {"credential": "c", "source": "com.example", "detailType": "t", "detail": "{{ $json }}"}
    params |= {"resources": "arn:aws:s3:::x\n\n arn:aws:s3:::y ", "time": "2026-11-30T09:00:00+01:00"}
    assert bench.json(params, items({"n": 1}))[0]["eventId"]
    assert failure(bench, {**params, "detail": "text"})["details"]["field"] == "params.detail"
    assert failure(bench, {**params, "time": "soon"})["details"]["field"] == "params.time"


def test_a_mail_is_sent_with_its_attachments(answering: Answering, web: Web) -> None:
    bench = answering(SES, send_mail, {"MessageId": "m1"})
    file = bench.outside.claims.store_file(
        f"{TENANT}/f", __import__("io").BytesIO(b"hello"), size=5, mime_type="text/plain", file_name="grüße.txt",
        sha256="2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    )  # fmt: skip
    params = {
        "credential": "c", "sender": "Übung <a@b.example>", "to": "Ada <ada@b.example>; bob@b.example",
        "subject": "Grüße", "text": "t", "html": "<p>", "attachments": "data", "cc": ["c@b.example"],
    }  # fmt: skip
    assert bench.json(params, [{"json": {}, "binary": {"data": file}}]) == [{"messageId": "m1"}]
    sent = json.loads(web.asked[0].body)
    assert sent["Destination"] == {
        "ToAddresses": ["Ada <ada@b.example>", "bob@b.example"], "CcAddresses": ["c@b.example"],
    }  # fmt: skip
    assert sent["FromEmailAddress"] == "=?utf-8?b?w5xidW5n?= <a@b.example>"
    [attached] = sent["Content"]["Simple"]["Attachments"]
    assert (attached["FileName"], attached["RawContent"]) == ("grüße.txt", "aGVsbG8=")
    assert failure(bench, {**params, "to": "nobody"}, items({}))["details"]["field"] == "params.to"
    assert failure(bench, params, items({}))["details"]["field"] == "params.attachments"
    assert (
        failure(bench, {**params, "text": "", "html": "", "attachments": ""}, items({}))["details"]["field"]
        == "params.text"
    )


def test_ses_refuses_what_it_has_not_verified(on_moto: Any, boto: Boto) -> None:
    bench = on_moto(SES, send_mail)
    params = {"credential": "c", "sender": "a@b.example", "to": "c@d.example", "subject": "S", "text": "t"}
    assert failure(bench, {**params, "sender": "new@other.example"})["type"] == "AwsRefused"
    boto("sesv2").create_email_identity(EmailIdentity="a@b.example")
    assert bench.json(params, items({}))[0]["messageId"]


def test_a_functions_result_is_the_item(answering: Answering, web: Web) -> None:
    params = {"credential": "c", "function": "f", "payload": "{{ $json }}"}
    assert answering(LAMBDA, invoke, {"price": 1}).json(params, items({"ü": 1})) == [{"price": 1}]
    assert json.loads(web.asked[0].body) == {"ü": 1}
    assert answering(LAMBDA, invoke, [1]).json(params, items({})) == [{"result": [1]}]
    assert answering(LAMBDA, invoke, b"no json").json(params, items({})) == [{"result": "no json"}]
    assert answering(LAMBDA, invoke, b"").json(params, items({})) == [{"result": None}]


def test_an_arn_says_in_which_region_a_function_is(answering: Answering, web: Web) -> None:
    """As in n8n-io/n8n#16902."""
    bench = answering(LAMBDA, invoke, {})
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    bench.json({"credential": "c", "function": arn, "payload": {}}, items({}))
    assert "/us-east-1/lambda/" in web.asked[0].headers["authorization"]
    bench.json({"credential": "c", "function": arn, "payload": {}, "region": "eu-west-1"}, items({}))
    assert "/eu-west-1/lambda/" in web.asked[1].headers["authorization"]


def test_a_function_that_fails_is_told_in_its_own_words(answering: Answering) -> None:
    body = {"errorType": "KeyError", "errorMessage": "'id'", "stackTrace": ["at a", "at b"]}
    headers = {"x_amz_function_error": "Unhandled", "x_amz_log_result": "U1RBUlQ="}
    told = failure(answering(LAMBDA, invoke, body, **headers), {"credential": "c", "function": "f", "payload": {}})
    assert (told["type"], told["message"]) == ("LambdaFunctionFailed", "The function f failed (KeyError: 'id').")
    assert told["details"] == {"errorType": "KeyError", "stack": ["at a", "at b"], "log": "START"}
    missing = (404, b'{"Message": "Function not found", "Type": "User"}')
    headers = {"x_amzn_errortype": "ResourceNotFoundException"}
    told = failure(answering(LAMBDA, invoke, missing, **headers), {"credential": "c", "function": "f", "payload": {}})
    assert told["type"] == "AwsResourceMissing"
