"""Signatures, compared with botocore's."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from stepweave.aws.signing import EMPTY_SHA256, Credentials, signed_headers, signed_query

NOW = datetime(2026, 11, 23, 9, 30, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_: NOW.replace(tzinfo=None))


@pytest.mark.parametrize("token", ["", "a/session+token=="])
@pytest.mark.parametrize(
    ("service", "method", "path", "headers", "body"),
    [
        ("sqs", "POST", "/", {"content-type": "application/x-amz-json-1.0", "x-amz-target": "A.B"}, b'{"a":1}'),
        ("lambda", "POST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aname/invocations", {"x-a": " b   c "}, b"{}"),
        ("s3", "GET", "/bucket/tenant/ex/n%C3%A4me%20%2B/1-main.json", {}, b""),
        ("s3", "POST", "/bucket/k?uploads=", {"content-type": "text/plain"}, b""),
        ("s3", "PUT", "/bucket/k%20k?partNumber=2&uploadId=a.b_c%2Bd", {}, b"abc"),
        ("s3", "PUT", "/bucket/k", {"content-type": "text/plain", "content-length": "3"}, b"abc"),
        ("states", "POST", "/", {"x-amz-target": "AWSStepFunctions.StartExecution"}, b"x" * 1000),
    ],
)
def test_a_signature_is_botocores(
    service: str, method: str, path: str, headers: dict[str, str], body: bytes, token: str
) -> None:
    theirs = AWSRequest(method, f"https://host.example:4566{path}", dict(headers), body)
    signer: Any = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(BotocoreCredentials("AKID", "secret/+=", token or None), service, "eu-central-1").add_auth(theirs)
    ours = signed_headers(
        method,
        "host.example:4566",
        path.partition("?")[0],
        headers,
        hashlib.sha256(body).hexdigest(),
        credentials=Credentials("AKID", "secret/+=", token),
        service=service,
        region="eu-central-1",
        now=NOW,
        query=path.partition("?")[2],
    )
    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("x-amz-security-token", "") == token


@pytest.mark.parametrize("token", ["", "a/session+token=="])
def test_a_link_is_signed_as_botocore_signs_it(token: str) -> None:
    path = "/bucket/tenant/ex/n%C3%A4me%20%2B/1.pdf"
    disposition = "attachment; filename*=UTF-8''n%C3%A4me.pdf"
    theirs = AWSRequest("GET", f"https://host.example:4566{path}", params={"response-content-disposition": disposition})
    keys = BotocoreCredentials("AKID", "secret/+=", token or None)
    S3SigV4QueryAuth(keys, "s3", "eu-central-1", 60).add_auth(theirs)
    ours = signed_query(
        "host.example:4566",
        path,
        {"response-content-disposition": disposition},
        credentials=Credentials("AKID", "secret/+=", token),
        region="eu-central-1",
        now=NOW,
        seconds=60,
    )
    assert sorted(parse_qsl(ours)) == sorted(parse_qsl(urlsplit(str(theirs.url)).query))


def test_the_empty_bodys_digest_is_known() -> None:
    assert EMPTY_SHA256 == botocore.auth.EMPTY_SHA256_HASH


def test_a_secret_is_not_in_a_representation() -> None:
    assert "secret" not in repr(Credentials("AKID", "secret", "secret-token"))
