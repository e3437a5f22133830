"""A server that speaks Amazon Bedrock's Converse, ConverseStream with its binary events, model lists, and STS.

Written after botocore's own service models and AWS's API references (event stream encoding: prelude, headers, payload,
two CRC32); botocore talks to it unpatched.
"""

import json
from binascii import crc32
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from struct import pack
from typing import Any
from urllib.parse import unquote

from tests.fakes.models import ModelServer, Says, model_server
from tests.fakes.web import Exchange

PROFILES = [
    {
        "inferenceProfileName": "US Claude",
        "inferenceProfileId": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "inferenceProfileArn": "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5",
        "models": [],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    },
    {
        "inferenceProfileName": "Our own",
        "inferenceProfileId": "abc123",
        "inferenceProfileArn": "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123",
        "models": [],
        "status": "ACTIVE",
        "type": "APPLICATION",
    },
]
MODELS: list[dict[str, Any]] = [
    {"modelId": "amazon.nova-lite-v1:0", "modelName": "Nova Lite", "providerName": "Amazon"},
    {"modelId": "anthropic.claude-x", "modelName": "Claude X", "inferenceTypesSupported": ["INFERENCE_PROFILE"]},
    {"modelId": "amazon.titan-embed-text-v2:0", "modelName": "Titan Embeddings", "providerName": "Amazon"},
]
_CODES = {
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    429: "ThrottlingException",
    500: "InternalServerException",
}
ROLE = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


@contextmanager
def bedrock_server() -> Iterator[ModelServer]:
    """Run a server of all providers for the block, Bedrock among them at its root."""
    with model_server() as server:
        server.web.otherwise = partial(_converse, server)
        server.web.routes["/"] = lambda exchange: exchange.answer(200, ROLE.encode(), content_type="text/xml")
        server.web.routes["/foundation-models"] = lambda exchange: _json(
            exchange,
            {
                "modelSummaries": [
                    {"modelArn": "arn:x", "inferenceTypesSupported": ["ON_DEMAND"], **one} for one in MODELS
                ]
            },
        )
        server.web.routes["/inference-profiles"] = _profiles
        yield server


def account(server: ModelServer, **more: str) -> dict[str, str]:
    """The data of a credential."""
    keys = {"accessKeyId": "AKIAEXAMPLE", "secretAccessKey": "sk-secret", "region": "us-east-1"}
    return {**keys, "endpoint": server.anthropic_url, **more}


def model_of(path: str) -> str:
    """The model that a request asks."""
    return unquote(path.split("/")[2])


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """An event as it goes over the wire."""
    told = b"".join(
        pack("!B", len(name)) + name.encode() + b"\x07" + pack("!H", len(value.encode())) + value.encode()
        for name, value in headers.items()
    )
    prelude = pack("!II", 12 + len(told) + len(payload) + 4, len(told))
    message = prelude + pack("!I", crc32(prelude)) + told + payload
    return message + pack("!I", crc32(message))


def event(type: str, **data: Any) -> bytes:
    headers = {":event-type": type, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, json.dumps(data).encode())


def exception(type: str, message: str) -> bytes:
    headers = {":exception-type": type, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, json.dumps({"message": message}).encode())


def _profiles(exchange: Exchange) -> None:
    kind = "APPLICATION" if "APPLICATION" in exchange.asked.path else "SYSTEM_DEFINED"
    _json(exchange, {"inferenceProfileSummaries": [one for one in PROFILES if one["type"] == kind]})


def _json(exchange: Exchange, data: Any) -> None:
    exchange.answer(200, json.dumps(data).encode(), content_type="application/json")


def _converse(server: ModelServer, exchange: Exchange) -> None:
    path = exchange.asked.path
    if path.endswith("/invoke"):
        _embeddings(exchange)
        return
    if not path.startswith("/model/"):
        exchange.answer(404, b"no such page", content_type="text/plain")
        return
    streamed = path.endswith("/converse-stream")
    says = server.next(exchange.asked.body)
    if says.silent:
        exchange.hang()
    elif says.status != 200:
        code = _CODES.get(says.status, "ValidationException" if says.status < 500 else "")
        code = says.error.get("code", code) if isinstance(says.error, dict) else code
        told = says.error.get("error", says.error) if isinstance(says.error, dict) else says.error
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        named = {"x_amzn_errortype": code} if code else {}
        exchange.answer(says.status, body, **{**named, **says.headers})
    elif streamed:
        _stream(exchange, says)
    else:
        _json(exchange, _whole(says))


def _embeddings(exchange: Exchange) -> None:
    """Answer as Titan and Cohere do: a vector has the text's length first."""
    body = json.loads(exchange.asked.body)
    if "inputText" in body:
        rest = (body.get("dimensions", 3) - 1) * [0.5]
        _json(exchange, {"embedding": [len(body["inputText"]), *rest], "inputTextTokenCount": 7})
        return
    rows = [[len(text), 0.5] for text in body["texts"]]
    told = json.dumps({"embeddings": {"float": rows}, "response_type": "embeddings_by_type"}).encode()
    exchange.answer(200, told, content_type="application/json", x_amzn_bedrock_input_token_count="11")


def _stream(exchange: Exchange, says: Says) -> None:
    handler = exchange.handler
    handler.send_response(200)
    handler.send_header("content-type", "application/vnd.amazon.eventstream")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    waits = says.until
    for piece in _events(says):
        handler.wfile.write(piece)
        handler.wfile.flush()
        if waits is not None and says.pieces[0].encode() in piece:
            waits.wait(60)
            waits = None


def _events(says: Says) -> Iterator[bytes]:
    yield event("messageStart", role="assistant")
    for piece in says.pieces:
        yield event("contentBlockDelta", contentBlockIndex=0, delta={"text": piece})
    yield event("contentBlockStop", contentBlockIndex=0)
    if says.error is not None:
        yield exception(says.error["type"], says.error["message"])
        return
    for index, (name, arguments) in enumerate(says.calls, 1):
        yield event(
            "contentBlockStart",
            contentBlockIndex=index,
            start={"toolUse": {"toolUseId": f"tooluse_{index}", "name": name}},
        )
        for half in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            yield event("contentBlockDelta", contentBlockIndex=index, delta={"toolUse": {"input": half}})
        yield event("contentBlockStop", contentBlockIndex=index)
    if says.cut:
        yield event("messageStop", stopReason="end_turn")[:20]
        return
    yield event("messageStop", stopReason=_stop(says))
    if says.tokens is not None:
        yield event("metadata", usage=_usage(says), metrics={"latencyMs": 1})


def _whole(says: Says) -> dict[str, Any]:
    calls = [
        {"toolUse": {"toolUseId": f"tooluse_{index}", "name": name, "input": json.loads(arguments)}}
        for index, (name, arguments) in enumerate(says.calls, 1)
    ]
    texts = [{"text": "".join(says.pieces)}] if any(says.pieces) else []
    made = {"output": {"message": {"role": "assistant", "content": [*texts, *calls]}}, "stopReason": _stop(says)}
    return {**made, "usage": _usage(says), "metrics": {"latencyMs": 1}}


def _stop(says: Says) -> str:
    return says.stop or ("content_filtered" if says.refusal else "tool_use" if says.calls else "end_turn")


def _usage(says: Says) -> dict[str, int]:
    into, out, cached = says.tokens or (0, 0, 0)
    usage = {"inputTokens": into - cached, "outputTokens": out, "totalTokens": into + out}
    return {**usage, "cacheReadInputTokens": cached, "cacheWriteInputTokens": 0}
