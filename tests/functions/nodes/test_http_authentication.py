"""How the HTTP request node's requests are authenticated, against servers that check it."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime.authentication import Authentication, CredentialNotForHost
from stepweave.runtime.errors import CredentialMissing, ParameterInvalid
from stepweave.runtime.http.aws_signing import AwsSigner
from stepweave.runtime.http.digest import challenges
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import target_of
from stepweave.runtime.http_errors import HttpClientError
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web, web_server

ONE = items({})


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def ok(exchange: Exchange) -> None:
    exchange.answer(200, b'{"ok": true}', content_type="application/json")


@pytest.mark.parametrize(
    ("way", "type", "data", "path", "header"),
    [
        ("query", "http_query", {"name": "api key", "value": "s&t"}, "/?a=1&api%20key=s%26t", None),
        ("bearer", "http_bearer", {"token": "t0ken"}, "/?a=1", "Bearer t0ken"),
        ("basic", "http_basic", {"user": "u", "password": "p"}, "/?a=1", "Basic dTpw"),
    ],
)
def test_a_secret_goes_where_its_way_says(
    web: Web, node: Bench, way: str, type: str, data: dict[str, Any], path: str, header: str | None
) -> None:
    web.routes["/"] = ok
    node.outside.credentials["c", type] = data
    node({"url": web.url("/?a=1"), "authentication": way, f"{way}Credential": "c"}, ONE)
    [asked] = web.asked
    assert (asked.path, asked.headers.get("authorization")) == (path, header)


# Any app's credential


def test_any_credential_that_goes_with_http_is_taken_and_bound_to_its_hosts(web: Web, node: Bench) -> None:
    web.routes["/"] = ok
    given = {"url": web.url(), "authentication": "any", "anyCredential": "c"}
    node.outside.credentials["c", "openai"] = {"apiKey": "sk-1", "baseUrl": web.url("/v1")}
    assert node.json(given, ONE) == [{"ok": True}]
    assert web.asked[0].headers["authorization"] == "Bearer sk-1"
    node.outside.credentials = {("c", "github_token"): {"token": "ghp_1"}}
    with pytest.raises(CredentialNotForHost, match="only to api"):
        Bench(SPEC, run, node.outside)(given, ONE)
    assert len(web.asked) == 1


def test_a_credential_that_is_not_there_is_missing(node: Bench) -> None:
    with pytest.raises(CredentialMissing):
        node({"url": "http://127.0.0.1/", "authentication": "any", "anyCredential": "c"}, ONE)


# Digest


class DigestServer:
    """A server that checks digests as RFC 7616 says, written from the RFC and not from the client."""

    def __init__(self, algorithm: str = "MD5", qop: str = 'qop="auth"') -> None:
        self.algorithm, self.qop = algorithm, qop
        self.nonce = 0
        self.counts: list[str] = []

    def __call__(self, exchange: Exchange) -> None:
        given = exchange.asked.headers.get("authorization", "")
        parts = dict(re.findall(r'(\w+)="?([^",]*)"?', given.removeprefix("Digest ")))
        if given and parts["nonce"] == str(self.nonce) and parts["response"] == self.expected(exchange, parts):
            self.counts.append(parts.get("nc", ""))
            ok(exchange)
            return
        stale = ', stale="TRUE"' if given and parts["nonce"] != str(self.nonce) else ""
        asks = f'Digest realm="r, s", nonce="{self.nonce}", opaque="o", algorithm={self.algorithm}{stale}'
        exchange.answer(401, b"who?", www_authenticate=f'Basic realm="x", {asks}{", " + self.qop if self.qop else ""}')

    def expected(self, exchange: Exchange, parts: dict[str, str]) -> str:
        digest = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[self.algorithm.removesuffix("-sess")]

        def hashed(text: str) -> str:
            return digest(text.encode()).hexdigest()

        first = hashed("ada:r, s:p:w")
        if self.algorithm.endswith("-sess"):
            first = hashed(f"{first}:{parts['nonce']}:{parts['cnonce']}")
        what = f"{exchange.asked.method}:{exchange.asked.path}"
        if parts.get("qop") == "auth-int":
            what += f":{digest(exchange.asked.body).hexdigest()}"
        if "qop" in parts:
            middle = f"{parts['nonce']}:{parts['nc']}:{parts['cnonce']}:{parts['qop']}"
            return hashed(f"{first}:{middle}:{hashed(what)}")
        return hashed(f"{first}:{parts['nonce']}:{hashed(what)}")


@pytest.mark.parametrize(
    ("algorithm", "qop"),
    [
        ("MD5", ""),
        ("MD5", 'qop="auth,auth-int"'),
        ("SHA-256", 'qop="auth-int"'),
        ("MD5-sess", 'qop="auth"'),
        ("MD5", "qop=auth"),
    ],
)
def test_a_digest_answers_what_the_server_asks(web: Web, node: Bench, algorithm: str, qop: str) -> None:
    server = web.routes["/a"] = DigestServer(algorithm, qop)
    node.outside.credentials["c", "http_digest"] = {"user": "ada", "password": "p:w"}
    given = {"url": web.url("/a?x={{ $json.x }}"), "authentication": "digest", "digestCredential": "c"}
    body = {"method": "POST", "bodyKind": "json", "jsonBody": {"a": 1}}
    rows = node.json({**given, **body, "concurrency": 1}, items({"x": 1}, {"x": 2}))
    assert rows == [{"ok": True}, {"ok": True}]
    assert server.counts == (["00000001", "00000002"] if qop else ["", ""])
    assert len(web.asked) == 3  # what the server asked once is answered at once the next time
    server.nonce += 1
    assert node.json(given, items({"x": 3})) == [{"ok": True}]


def test_a_wrong_password_is_not_tried_for_ever(web: Web, node: Bench) -> None:
    web.routes["/"] = DigestServer()
    node.outside.credentials["c", "http_digest"] = {"user": "ada", "password": "no"}
    with pytest.raises(HttpClientError, match="401"):
        node({"url": web.url(), "authentication": "digest", "digestCredential": "c"}, ONE)
    assert len(web.asked) == 2


def test_a_digest_is_not_answered_at_another_server(web: Web, node: Bench) -> None:
    node.outside.credentials["c", "http_digest"] = {"user": "ada", "password": "p"}
    with web_server() as other:
        other.routes["/"] = DigestServer()
        web.routes["/"] = lambda exchange: exchange.answer(302, location=other.url())
        with pytest.raises(HttpClientError):
            node({"url": web.url(), "authentication": "digest", "digestCredential": "c"}, ONE)
    assert [asked.headers.get("authorization") for asked in other.asked] == [None]


@pytest.mark.parametrize(
    "header",
    ['Digest realm="r"', "Digest", 'Digest nonce="n", algorithm=ROT13', 'Digest nonce="n", qop="other"', "Basic", ""],
)
def test_what_nobody_can_answer_is_no_challenge(header: str) -> None:
    assert challenges([header]) == []


def test_the_best_algorithm_is_taken() -> None:
    [first, _] = challenges(['Digest nonce="1", algorithm=MD5, Digest nonce="2", algorithm=SHA-256'])
    assert first["algorithm"] == "SHA-256"


# AWS

KEYS = {"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "wJalrXUtnFEMI", "region": "eu-west-1"}


@pytest.mark.parametrize(
    "path",
    ["/", "/?b=2&a=1&a=0", "/a%20b/c?x=%C3%A4%20b&y=", "/?list-type=2&prefix=a%2Fb", "/p?x=a+b&flag"],
)
@pytest.mark.parametrize(("service", "body"), [("execute-api", b'{"a": 1}'), ("s3", None)])
def test_signatures_are_botocores(path: str, service: str, body: bytes | None) -> None:
    from stepweave.aws.signing import Credentials as Own

    signer = AwsSigner(Own("AKIDEXAMPLE", "wJalrXUtnFEMI", "tok"), "eu-west-1", service)
    headers = Headers({"content-type": ["application/json"], "user-agent": ["x"]})
    sent = signer.signed(Request("POST", target_of(f"https://h.example{path}"), headers, body))
    stamp = sent.headers["x-amz-date"][0]
    theirs = AWSRequest("POST", sent.target.url, data=body or b"", headers={"content-type": "application/json"})
    theirs.context["timestamp"] = stamp
    if service == "s3":
        theirs.headers["x-amz-content-sha256"] = hashlib.sha256(body or b"").hexdigest()
    theirs.headers["x-amz-date"] = stamp
    theirs.headers["x-amz-security-token"] = "tok"
    signing = SigV4Auth(Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI", "tok"), service, "eu-west-1")
    canonical = signing.canonical_request(theirs)
    if service == "s3":
        lines = canonical.split("\n")
        lines[1] = sent.target.path.partition("?")[0]
        canonical = "\n".join(lines)
    expected = signing.signature(signing.string_to_sign(theirs, canonical), theirs)
    assert sent.headers["authorization"][0].endswith(f"Signature={expected}")
    assert datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("abc.execute-api.us-west-2.amazonaws.com", ("execute-api", "us-west-2")),
        ("bucket.s3.eu-central-1.amazonaws.com", ("s3", "eu-central-1")),
        ("s3.amazonaws.com", ("s3", "us-east-1")),
        ("search-x.eu-west-1.es.amazonaws.com", ("es", "eu-west-1")),
        ("abc.lambda-url.eu-west-1.on.aws", ("lambda", "eu-west-1")),
        ("iam.amazonaws.com", ("iam", "us-east-1")),
        ("email.eu-west-1.amazonaws.com", ("ses", "eu-west-1")),
        ("sqs.cn-north-1.amazonaws.com.cn", ("sqs", "cn-north-1")),
    ],
)
def test_hosts_say_what_is_signed_for(host: str, place: tuple[str, str]) -> None:
    from stepweave.aws.signing import Credentials as Own

    signer = AwsSigner(Own("AK", "s"), "ap-south-1")
    sent = signer.signed(Request("GET", target_of(f"https://{host}/"), Headers(), None))
    service, region = place
    assert f"/{region}/{service}/aws4_request" in sent.headers["authorization"][0]


def test_a_request_is_signed_and_its_service_must_be_known(web: Web, node: Bench) -> None:
    web.routes["/"] = ok
    node.outside.credentials["c", "aws"] = KEYS
    given = {"url": web.url("/?b=1&a=ä"), "authentication": "aws", "awsCredential": "c"}
    with pytest.raises(ParameterInvalid, match="AWS service"):
        node(given, ONE)
    node({**given, "awsService": "execute-api"}, ONE)
    [asked] = web.asked
    assert "/eu-west-1/execute-api/aws4_request" in asked.headers["authorization"]
    assert asked.path == "/?a=%C3%A4&b=1"


def test_a_role_is_taken_on_once(web: Web, node: Bench) -> None:
    xml = "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>k&amp;</SecretAccessKey><SessionToken>t=</SessionToken>"
    web.routes["/"] = lambda exchange: exchange.answer(200, f"<R>{xml}</R>".encode(), content_type="text/xml")
    web.routes["/x"] = ok
    role = {"roleArn": "arn:aws:iam::123456789012:role/r", "externalId": "e", "endpoint": web.url("")}
    node.outside.credentials["c", "aws"] = {**KEYS, **role}
    given = {"url": web.url("/x"), "authentication": "aws", "awsCredential": "c", "awsService": "execute-api"}
    node(given, items({}, {}))
    assert [asked.path for asked in web.asked] == ["/", "/x", "/x"] or len(web.asked) <= 4
    assert b"ExternalId=e" in web.asked[0].body
    assert "Credential=ASIA1/" in web.asked[-1].headers["authorization"]
    assert web.asked[-1].headers["x-amz-security-token"] == "t="


def test_secrets_are_in_no_error(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.answer(400, json.dumps({"error": "no"}).encode())
    node.outside.credentials["c", "http_query"] = {"name": "key", "value": "s3cret"}
    with pytest.raises(HttpClientError) as caught:
        node({"url": web.url(), "authentication": "query", "queryCredential": "c"}, ONE)
    assert "s3cret" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("pattern", "url", "goes"),
    [
        # discourse/discourse#41345, withastro/astro#14787: names that only end alike, or have no dot.
        ("*.example.com", "https://evilexample.com/", False),
        ("*.example.com", "https://localhost/", False),
        ("*.example.com", "https://example.com/", False),
        ("*.example.com", "https://a.b.example.com/", True),
        # guzzle/guzzle#3578: the root's dot; MCPJam/inspector#2094: ports.
        ("api.example.com", "https://api.example.com./x", True),
        ("api.example.com", "https://API.example.com:8443/", True),
        ("api.example.com", "https://api.example.com.evil.example/", False),
        ("api.example.com", "https://evil.example/#@api.example.com/", False),
        # Full-width letters and dots are what name servers make of them.
        ("api.example.com", "https://ａpi。example.com/", True),
        # n8n-io/n8n#37200: `none` must not be taken for a host, nor for any.
        ("none", "https://api.example.com/", False),
        ("**", "https://api.example.com/", False),
        ("127.0.0.1", "https://2130706433/", False),
    ],
)
def test_hosts_are_compared_as_they_are_reached(pattern: str, url: str, goes: bool) -> None:
    allowed = Authentication(hosts=(pattern,))
    if goes:
        allowed.check(target_of(url).host)
        return
    with pytest.raises(CredentialNotForHost):
        allowed.check(target_of(url).host)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com@evil.example/",
        "https://evil.example\\@api.example.com/",
        "https://api.example.com%2eevil.example/",
        "https://.example.com/",  # dotnet/aspnetcore#66654
    ],
)
def test_urls_that_are_read_in_two_ways_are_none(url: str) -> None:
    with pytest.raises(ParameterInvalid):
        target_of(url)
