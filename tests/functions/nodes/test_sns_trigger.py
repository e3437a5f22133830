"""Messages of a topic: signed with a certificate of our own, by a server that answers as SNS does."""

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from functions.nodes.apps.aws.triggers.sns import signatures
from functions.nodes.apps.aws.triggers.sns.options import LOADERS
from functions.nodes.apps.aws.triggers.sns.spec import SPEC
from functions.nodes.apps.aws.triggers.sns.trigger import activate, deactivate, receive
from stepweave.runtime.options import options
from tests.fakes.sns import PATH, TOPIC, Sns
from tests.fakes.web import Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, REGION, Trigger

ASKS = {"activate": activate, "deactivate": deactivate, "receive": receive, "options": options(LOADERS)}
ADDRESS = "https://stepweave.example/hooks/acme/~/" + "a" * 32


@pytest.fixture
def sns(web: Web) -> Iterator[Sns]:
    signatures._kept.clear()
    yield Sns(web)
    signatures._kept.clear()


@pytest.fixture
def trigger(sns: Sns) -> Trigger:
    return Trigger(SPEC, ASKS, {"topic": TOPIC}, {**KEYS, "endpoint": sns.web.url("")})


def told(trigger: Trigger, message: Any, method: str = "POST", **headers: str) -> Any:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    given = {
        "address": ADDRESS,
        "method": method,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "query": {},
        "rawBody": base64.b64encode(body).decode(),
        "kept": {"subscription": f"{TOPIC}:1"},
    }
    return trigger.ask("receive", given)


def refused(trigger: Trigger, message: Any, **more: Any) -> tuple[int, str]:
    answer = told(trigger, message, **more)
    assert "answer" in answer, answer
    return answer["answer"]["refuse"]["status"], answer["answer"]["refuse"]["message"]


def test_publishing_subscribes_the_address_and_never_raw(trigger: Trigger, sns: Sns) -> None:
    kept = trigger.ask("activate", {"address": ADDRESS})["answer"]
    [(arn, made)] = sns.subscriptions.items()
    assert kept == {"subscription": arn}
    assert (made["Protocol"], made["Endpoint"], made["TopicArn"]) == ("https", ADDRESS, TOPIC)
    assert made["Attributes.entry.1.key"] == "RawMessageDelivery"
    assert made["Attributes.entry.1.value"] == "false"


def test_a_filter_policy_goes_along(trigger: Trigger, sns: Sns) -> None:
    trigger.params |= {"filterPolicy": '{"event": ["x"]}', "filterBy": "MessageBody"}
    trigger.ask("activate", {"address": ADDRESS})
    [made] = sns.subscriptions.values()
    assert made["Attributes.entry.2.value"] == "MessageBody"
    assert json.loads(made["Attributes.entry.3.value"]) == {"event": ["x"]}


@pytest.mark.parametrize("policy", ["[]", "7", "{", "[" * 999, '{"a": 1e999}'])
def test_a_policy_that_is_none_is_refused_at_its_field(trigger: Trigger, sns: Sns, policy: str) -> None:
    trigger.params |= {"filterPolicy": policy}
    error = trigger.ask("activate", {"address": ADDRESS})["error"]
    assert (error["type"], error["details"]["field"]) == ("ParameterInvalid", "params.filterPolicy")
    assert sns.subscriptions == {}


@pytest.mark.parametrize(
    "topic",
    [
        "orders",
        "arn:aws:sqs:eu-central-1:123456789012:q",
        "arn:aws:sns:eu-central-1:123456789012:orders.fifo",
        "arn:aws:sns:evil.example/:123456789012:orders",
        "arn:aws:sns:eu-central-1:1:orders",
        "arn:aws:sns:s3:123456789012:orders",
        "a\0b",
    ],
)
def test_what_is_no_topic_that_calls_is_refused_at_its_field(trigger: Trigger, web: Web, topic: str) -> None:
    trigger.params = {"topic": topic}
    error = trigger.ask("activate", {"address": ADDRESS})["error"]
    assert (error["type"], error["details"]["field"]) == ("ParameterInvalid", "params.topic")
    assert web.asked == []


def test_a_right_that_is_missing_is_named(trigger: Trigger, sns: Sns) -> None:
    sns.refuses = (403, "AuthorizationError")
    error = trigger.ask("activate", {"address": ADDRESS})["error"]
    assert (error["type"], error["details"]["action"]) == ("AwsAccessDenied", "sns:Subscribe")


def test_a_confirmation_goes_to_the_topics_region_and_not_where_the_message_says(trigger: Trigger, sns: Sns) -> None:
    message = sns.signed(
        {"Type": "SubscriptionConfirmation", "Token": "t&1", "SubscribeURL": "http://169.254.169.254/"}
    )
    assert told(trigger, message)["answer"]["answer"]["statusCode"] == 200
    assert sns.confirmed == ["t&1"]
    [asked] = [one for one in sns.web.asked if one.method == "POST"]
    assert "authorization" not in asked.headers
    assert parse_qs(asked.body.decode())["TopicArn"] == [TOPIC]


def test_a_confirmation_that_fails_is_tried_again(trigger: Trigger, sns: Sns) -> None:
    sns.refuses = (503, "ServiceUnavailable")
    message = sns.signed({"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": "https://x.example"})
    assert told(trigger, message)["error"]["retryable"]


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_signed_message_is_an_item_and_known_by_its_id(trigger: Trigger, sns: Sns, version: str) -> None:
    message = sns.signed(
        {
            "Message": '{"orderId": 7, "name": "Ü"}',
            "Subject": "An order",
            "MessageAttributes": {
                "event": {"Type": "String", "Value": "placed"},
                "n": {"Type": "Number", "Value": "3"},
                "b": {"Type": "Binary", "Value": "AAE="},
            },
        },
        version,
    )
    answer = told(trigger, message)["answer"]
    [item] = answer["items"]
    assert answer["deliveryId"] == message["MessageId"]
    assert item["json"] == {
        "messageId": message["MessageId"],
        "topicArn": TOPIC,
        "subject": "An order",
        "body": {"orderId": 7, "name": "Ü"},
        "attributes": {"event": "placed", "n": 3, "b": "AAE="},
        "sentAt": message["Timestamp"],
    }


def test_the_certificate_is_asked_for_once(trigger: Trigger, sns: Sns) -> None:
    for _ in range(3):
        assert told(trigger, sns.signed({"Message": "hello"}))["answer"]["items"]
    assert [one.path for one in sns.web.asked] == [PATH]


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "Subject", "Type"])
def test_a_message_that_was_changed_is_refused(trigger: Trigger, sns: Sns, field: str) -> None:
    message = sns.signed({"Message": "pay 1", "Subject": "s"})
    message[field] = "UnsubscribeConfirmation" if field == "Type" else "pay 1000"
    status, words = refused(trigger, message)
    assert status == 401
    assert "signature is wrong" in words


def test_a_message_without_its_subject_is_another(trigger: Trigger, sns: Sns) -> None:
    message = sns.signed({"Message": "m", "Subject": "s"})
    del message["Subject"]
    assert refused(trigger, message)[0] == 401


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        "https://evil.example/SimpleNotificationService-1.pem",
        "https://s3.amazonaws.com/bucket/SimpleNotificationService-1.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
        "https://sns.eu-central-1.amazonaws.com/../SimpleNotificationService-1.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem?x=1",
        "https://sns.eu-central-1.amazonaws.com/?Action=GetTopicAttributes&x=.pem",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "",
        7,
        None,
    ],
)
@pytest.mark.parametrize("endpoint", ["", "fake"])
def test_a_certificate_from_elsewhere_is_never_asked_for(trigger: Trigger, sns: Sns, url: Any, endpoint: str) -> None:
    if not endpoint:
        trigger.data = KEYS
    message = {**sns.signed({"Message": "m"}), "SigningCertURL": url}
    assert refused(trigger, message)[0] == 401
    assert sns.web.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        {"Signature": ""},
        {"Signature": "FAKE"},
        {"Signature": "%%%"},
        {"Signature": 7},
        {"Signature": None},
        {"SignatureVersion": "3"},
        {"SignatureVersion": "2"},
        {"SignatureVersion": None},
        {"TopicArn": "arn:aws:sns:eu-central-1:123456789012:other"},
        {"TopicArn": None},
        {"Type": "__proto__"},
        {"Type": None},
        {"Type": ["Notification"]},
        {"Message": {"a": 1}},
        {"MessageId": 7},
        {"Subject": {"a": 1}},
    ],
)
def test_a_forged_message_is_refused(trigger: Trigger, sns: Sns, changed: dict[str, Any]) -> None:
    assert refused(trigger, {**sns.signed({"Message": "m"}), **changed})[0] == 401


def test_another_certificate_signs_nothing(trigger: Trigger, sns: Sns) -> None:
    message = sns.signed({"Message": "m"})
    sns.renews()
    assert refused(trigger, message)[0] == 401


@pytest.mark.parametrize("pem", [b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_certificate_that_is_none_signs_nothing(trigger: Trigger, sns: Sns, pem: bytes) -> None:
    message = sns.signed({"Message": "m"})
    sns.pem = pem
    assert refused(trigger, message)[0] == 401


def test_a_certificate_that_has_ended_signs_nothing(trigger: Trigger, sns: Sns) -> None:
    sns.renews(days=-1)
    assert refused(trigger, sns.signed({"Message": "m"}))[0] == 401


def test_a_certificate_that_cannot_be_had_now_makes_sns_try_again(trigger: Trigger, sns: Sns) -> None:
    message = sns.signed({"Message": "m"})
    sns.web.routes[PATH] = lambda it: it.answer(503)
    assert told(trigger, message)["error"]["retryable"]


def test_raw_messages_are_refused_and_say_what_to_do(trigger: Trigger) -> None:
    status, words = refused(trigger, b"hello", x_amz_sns_rawdelivery="true", x_amz_sns_topic_arn=TOPIC)
    assert (status, "raw message delivery" in words) == (400, True)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"null", b"[" * 100_000, b"\xff", b'{"Type": "Notification"}']
)
def test_what_is_no_message_is_refused(trigger: Trigger, sns: Sns, body: bytes) -> None:
    answer = told(trigger, body)
    status = (answer.get("answer") or {}).get("refuse", {}).get("status") or answer["error"]["details"]["status"]
    assert status in (400, 401)
    assert sns.web.asked == []


def test_calls_of_other_methods_are_refused(trigger: Trigger, sns: Sns) -> None:
    assert refused(trigger, sns.signed({"Message": "m"}), method="GET")[0] == 405


def test_somebody_elses_unsubscribing_is_taken_note_of(trigger: Trigger, sns: Sns) -> None:
    message = sns.signed({"Type": "UnsubscribeConfirmation", "Token": "t", "SubscribeURL": "https://x.example"})
    assert told(trigger, message)["answer"]["answer"]["statusCode"] == 200
    assert sns.confirmed == []


def test_unpublishing_ends_the_subscription_also_where_it_is_not_known(trigger: Trigger, sns: Sns) -> None:
    kept = trigger.ask("activate", {"address": ADDRESS})["answer"]
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": kept}) == {"answer": None}
    assert sns.subscriptions == {}
    trigger.ask("activate", {"address": ADDRESS})
    trigger.ask("activate", {"address": ADDRESS + "b"})
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": None}) == {"answer": None}
    assert [one["Endpoint"] for one in sns.subscriptions.values()] == [ADDRESS + "b"]


def test_what_is_gone_or_was_never_confirmed_is_fine(trigger: Trigger, sns: Sns) -> None:
    kept = {"subscription": f"{TOPIC}:gone"}
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": kept}) == {"answer": None}
    sns.refuses = (400, "InvalidParameter", "Invalid parameter: This subscription is pending confirmation")
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": kept}) == {"answer": None}
    sns.refuses = (404, "NotFound")
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": None}) == {"answer": None}
    sns.refuses = (403, "AuthorizationError")
    assert trigger.ask("deactivate", {"address": ADDRESS, "kept": kept})["error"]["type"] == "AwsAccessDenied"


def test_motos_sns_is_subscribed_to_and_unsubscribed_from(
    boto: Boto, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    client, name = boto("sns"), f"t-{uuid.uuid4().hex[:8]}"
    arn = client.create_topic(Name=name)["TopicArn"]
    assert arn.split(":")[3] == REGION
    trigger = Trigger(SPEC, ASKS, {"topic": arn}, {**KEYS, "endpoint": moto_endpoint})
    given = {"loader": "topics", "search": "", "page": ""}
    assert {"value": arn, "label": name} in trigger.ask("options", given)["answer"]["options"]
    # Nobody is called: loopback, and the port of nothing.
    kept = trigger.ask("activate", {"address": "http://127.0.0.1:9/hook"})["answer"]
    [found] = client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    assert found["SubscriptionArn"] == kept["subscription"]
    assert trigger.ask("deactivate", {"address": "x", "kept": kept}) == {"answer": None}
    assert client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"] == []
    trigger.params = {"topic": arn + "-gone"}
    assert trigger.ask("activate", {"address": ADDRESS})["error"]["type"] == "AwsResourceMissing"
