"""On one machine no node reaches the platform's own servers, by no protocol, redirect, proxy or data connection."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest

from functions.nodes.catalogue import packages, specs
from stepweave.runtime.errors import NodeError
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web

Case = tuple[str, str, dict[str, Any], dict[str, Any]]
"""A node's type, the credential's type, its data and the node's parameters; `PORT` and `URL` are those of the trap."""
KEYS = {"accessKeyId": "k", "secretAccessKey": "s", "region": "us-east-1", "endpoint": "URL"}
HOST = {"host": "127.0.0.1", "port": "PORT", "user": "u", "password": "p", "database": "d"}
MODEL = {"model": "m", "prompt": "Hello"}
CASES: list[Case] = [
    ("http_request", "", {}, {"url": "URL/api/me"}),
    ("graphql", "", {}, {"url": "URL/graphql", "query": "{ a }"}),
    ("rss_read", "", {}, {"url": "URL/feed"}),
    ("database", "postgres", {**HOST, "sslMode": "disable"}, {"query": "SELECT 1"}),
    ("database", "postgres", {"dsn": "postgresql://u:p@localhost:PORT/d"}, {"query": "SELECT 1"}),
    ("mysql", "mysql", {**HOST, "sslMode": "disable"}, {"query": "SELECT 1"}),
    ("sql_server", "sql_server", HOST, {"query": "SELECT 1"}),
    ("redis", "redis", {**HOST, "database": 0, "tls": False}, {"operation": "get", "key": "k"}),
    ("mongodb", "mongodb", {**HOST, "tls": False}, {"operation": "find", "collection": "c"}),
    ("mongodb", "mongodb", {"uri": "mongodb://127.0.0.1:PORT/d"}, {"operation": "find", "collection": "c"}),
    ("ssh", "ssh", {**HOST, "hostKey": f"SHA256:{'A' * 43}"}, {"command": "ls"}),
    ("file_server", "ssh", {**HOST, "hostKey": f"SHA256:{'A' * 43}"}, {"operation": "list", "path": "/"}),
    ("file_server", "ftp", {**HOST, "security": "none"}, {"operation": "list", "path": "/"}),
    ("email", "smtp", {**HOST, "security": "none", "from": "a@example.com"}, {"to": "b@example.com", "subject": "x"}),
    ("read_email", "imap", {**HOST, "security": "none"}, {"operation": "folders"}),
    ("aws_s3", "aws", KEYS, {"operation": "get", "bucket": "b", "key": "k"}),
    ("aws_sqs", "aws", KEYS, {"operation": "send", "queue": "q", "body": "x"}),
    ("aws_sns", "aws", KEYS, {"topic": "arn:aws:sns:us-east-1:123456789012:t", "message": "x"}),
    ("aws_lambda", "aws", KEYS, {"function": "stepweave-local-vault", "payload": {}}),
    ("aws_dynamodb", "aws", KEYS, {"operation": "get", "table": "t", "key": {"id": "a"}}),
    ("aws_eventbridge", "aws", KEYS, {"source": "s", "detailType": "d", "detail": "{{ $json }}"}),
    ("aws", "aws", KEYS, {"service": "sts", "operation": "GetCallerIdentity"}),
    ("language_model", "openai", {"apiKey": "k", "baseUrl": "URL"}, MODEL),
    ("language_model", "anthropic", {"apiKey": "k", "baseUrl": "URL"}, MODEL),
    ("language_model", "bedrock", {**KEYS, "region": "us-east-1"}, MODEL),
    ("embed", "openai", {"apiKey": "k", "baseUrl": "URL"}, {"model": "m", "text": "x"}),
    ("moderate", "openai", {"apiKey": "k", "baseUrl": "URL"}, {"text": "x"}),
]


@dataclass
class Trap:
    """A server of the platform: whoever reaches it is counted."""

    port: int
    came: list[Any] = field(default_factory=list)


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Trap(listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    made.came.append(listener.accept()[0])

        threading.Thread(target=serve, daemon=True).start()
        monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
        monkeypatch.setenv("STEPWEAVE_PLATFORM_ADDRESSES", json.dumps({"Redis": f"127.0.0.1:{made.port}"}))
        yield made
        listener.shutdown(socket.SHUT_RDWR)


def bench(type: str) -> Bench:
    [spec] = [one for one in specs() if one.type == type and one.version == 1]
    return Bench(spec, import_module(f"{packages()[type, 1]}.run").run)


def filled(value: Any, trap: Trap) -> Any:
    text = json.dumps(value).replace('"PORT"', str(trap.port)).replace(":PORT", f":{trap.port}")
    return json.loads(text.replace("URL", f"http://127.0.0.1:{trap.port}"))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{type}-{kind}-{number}" for number, (type, kind, *_) in enumerate(CASES)]
)
def test_no_node_reaches_a_server_of_the_platform(case: Case, trap: Trap) -> None:
    type, kind, data, params = case
    node = bench(type)
    if kind:
        node.outside.credentials["c", kind] = filled(data, trap)
        params = {"credential": "c", **params}
    with pytest.raises(NodeError) as refused:
        node(filled(params, trap), items({}), seconds=60)
    assert refused.value.to_json()["type"] == "AddressForbidden", refused.value.to_json()
    assert "the platform's own Redis" in refused.value.message
    assert trap.came == []


def test_every_node_that_opens_connections_by_itself_is_tried() -> None:
    # All others ask through `stepweave.runtime.http`, as `http_request` does, or a model's client, as the models do.
    own = {"api_operation", "email_and_wait", "email_trigger", "jwt", "poll_trigger", "hubspot", "generate_image"}
    own |= {"agent", "classify", "extract", "summarize_texts", "transcribe", "aws_ses"}
    apps = {one.type for one in specs() if one.network and one.category in ("app", "trigger")}
    reaching = {one.type for one in specs() if one.network}
    assert reaching - apps - own == {type for type, *_ in CASES} - apps


@pytest.mark.parametrize(
    "params",
    [
        {"url": "HOP/redirect"},
        {"url": "HOP/", "proxy": "p"},
        {"url": "URL/", "proxy": "q"},
        {"url": "URL/", "onlyIf": "x"},
    ],
    ids=["redirect", "proxy", "through a proxy", "by itself"],
)
def test_a_redirect_or_a_proxy_leads_no_request_there(params: dict[str, Any], trap: Trap, web: Web) -> None:
    web.otherwise = lambda exchange: exchange.answer(302, location=f"http://127.0.0.1:{trap.port}/")
    node = bench("http_request")
    node.outside.credentials["p", "http_proxy"] = {"url": f"http://127.0.0.1:{trap.port}"}
    node.outside.credentials["q", "http_proxy"] = {"url": web.url("")}
    params = {name: value.replace("HOP", web.url("").rstrip("/")) for name, value in params.items()}
    params.pop("onlyIf", None)
    with pytest.raises(NodeError, match="the platform's own Redis"):
        node(filled(params, trap), items({}), seconds=60)
    assert trap.came == []


@contextmanager
def lying_ftp(port: int) -> Iterator[int]:
    """An FTP server on loopback that says its data is at another port of the machine."""
    words = {"USER": "331 Password", "PASS": "230 In", "EPSV": f"229 Here (|||{port}|)", "PWD": '257 "/"'}
    words |= {"PASV": f"227 Here (127,0,0,1,{port // 256},{port % 256})", "QUIT": "221 Bye"}
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    with listener.accept()[0] as caller, caller.makefile() as lines:
                        caller.sendall(b"220 Hello\r\n")
                        for line in lines:
                            caller.sendall(words.get(line.split()[0].upper(), "200 Well").encode() + b"\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_an_ftp_server_sends_no_data_there(trap: Trap) -> None:
    node = bench("file_server")
    with lying_ftp(trap.port) as port:
        node.outside.credentials["c", "ftp"] = {**HOST, "port": port, "security": "none"}
        with pytest.raises(NodeError, match="the platform's own Redis"):
            node({"credential": "c", "operation": "list", "path": "/"}, items({}), seconds=60)
    assert trap.came == []
