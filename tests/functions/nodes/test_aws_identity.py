"""The test of an AWS credential: who the key is, at moto, and what is said where it does not work."""

import socket
from typing import Any

import pytest

from functions.nodes.apps.aws.identity import try_out
from functions.nodes.apps.aws.triggers.sqs.spec import SPEC
from tests.fakes.web import Exchange, Web
from tests.functions.nodes.aws import KEYS, Trigger

WHO = b"<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a&amp;b</Arn><Account>123456789012</Account>"
ROLE = "arn:aws:iam::123456789012:role/stepweave"
ROLE_KEYS = b"<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")


def asked(endpoint: str, *, given: Any = "c", **data: str) -> Any:
    """Return what the test of a credential answers."""
    trigger = Trigger(SPEC, {"test": try_out}, {"queue": "none"}, {**KEYS, "endpoint": endpoint, **data})
    return trigger.ask("test", {"credential": given})


def test_a_key_that_works_says_whose_it_is(moto_endpoint: str) -> None:
    said = asked(moto_endpoint)["answer"]["message"]
    assert said.startswith("The key works: account 123456789012, arn:aws:")


def test_the_request_is_signed_for_sts_and_as_the_role_each_time(web: Web) -> None:
    asks: list[tuple[str, str]] = []

    def answer(it: Exchange) -> None:
        text = it.asked.body.decode()
        asks.append((text.partition("&")[0], it.asked.headers["authorization"]))
        it.answer(200, ROLE_KEYS if "AssumeRole" in text else WHO)

    web.routes["/"] = answer
    for _ in range(2):
        told = asked(web.url(""), roleArn=ROLE)["answer"]["message"]
        assert told == "The key works: account 123456789012, arn:aws:iam::123456789012:user/a&b."
    assert [name for name, _ in asks] == ["Action=AssumeRole", "Action=GetCallerIdentity"] * 2
    for name, signature in asks:
        key = "ASIA" if name.endswith("Identity") else KEYS["accessKeyId"]
        assert f"Credential={key}/" in signature
        assert f"/{KEYS['region']}/sts/aws4_request" in signature


@pytest.mark.parametrize(
    ("status", "body", "type", "words"),
    [
        (403, b"<Code>InvalidClientTokenId</Code><Message>invalid</Message>", "AwsKeysRefused", "InvalidClientTokenId"),
        (403, b"<Code>SignatureDoesNotMatch</Code>", "AwsKeysRefused", "does not take the credential's key"),
        (403, b"<Code>ExpiredToken</Code>", "AwsKeysRefused", "ExpiredToken"),
        (503, b"<Code>ServiceUnavailable</Code>", "HttpServerError", "cannot do sts:GetCallerIdentity now"),
        (200, b"<html>Welcome</html>", "ResponseInvalid", "is not AWS"),
        (301, b"", "AwsRefused", "Http301"),
    ],
)
def test_a_key_that_does_not_work_says_why(web: Web, status: int, body: bytes, type: str, words: str) -> None:
    web.routes["/"] = lambda it: it.answer(status, body, location="https://elsewhere.example/")
    error = asked(web.url(""))["error"]
    assert (error["type"], words in error["message"]) == (type, True)
    assert KEYS["secretAccessKey"] not in str(error)


@pytest.mark.parametrize("region", ["eu-centrall-1", "us-est-1", "cn-nowhere-9"])
def test_a_region_that_is_none_is_told_as_that(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    def nowhere(host: str, *_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    error = asked("", region=region)["error"]
    assert (error["type"], error["retryable"]) == ("ConnectionFailed", True)
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    assert error["message"] == (
        f"The host sts.{region}.{domain} has no address: Name or service not known. There may be no region {region!r}."
    )
    assert error["remedy"].startswith("Check the region in the credential: ")
    # At an endpoint of one's own it is the endpoint that is wrong.
    elsewhere = asked("https://aws.example.invalid", region=region)["error"]
    assert ("region" in elsewhere["message"], elsewhere["details"]) == (False, {"host": "aws.example.invalid"})


def test_private_addresses_and_plain_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    for endpoint in ("http://sts.example.com", "https://127.0.0.1", "https://169.254.169.254", "https://localhost"):
        assert asked(endpoint)["error"]["type"] == "AddressForbidden"


def test_without_a_credential_there_is_nothing_to_test(moto_endpoint: str) -> None:
    assert asked(moto_endpoint, given=None)["error"]["type"] == "CredentialMissing"
    assert asked(moto_endpoint, secretAccessKey="")["error"]["type"] == "CredentialMissing"
