"""The language model node, against a server that speaks both providers' wire formats."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.ai.language_model.run import run
from functions.nodes.ai.language_model.spec import SPEC
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.network import AddressForbidden, ConnectionFailed
from stepweave.runtime.schemas import SchemaInvalid
from stepweave_ai.errors import (
    AnswerInvalid,
    ContentRefused,
    ContextTooLong,
    ModelAccessDenied,
    ModelNotFound,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRequestInvalid,
    ModelStreamCut,
    ModelTimeout,
    ModelUnavailable,
    SpendingLimit,
)
from tests.fakes.bedrock import account, bedrock_server
from tests.fakes.models import ModelServer, Says
from tests.fakes.steps import Bench, items

PROVIDERS = pytest.mark.parametrize("provider", ["openai", "anthropic", "bedrock"])
SDKS = pytest.mark.parametrize("provider", ["openai", "anthropic"])
"""Where the wire is looked at; `tests/ai/test_bedrock.py` looks at Bedrock's."""
ONE = items({"n": 1})
VERDICT = {
    "type": "object",
    "properties": {"verdict": {"enum": ["good", "bad"]}},
    "required": ["verdict"],
    "additionalProperties": False,
}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with bedrock_server() as made:
        yield made


@pytest.fixture
def node(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    bench.outside.credentials["openai", "openai"] = {"apiKey": "sk-secret", "baseUrl": server.openai_url}
    bench.outside.credentials["anthropic", "anthropic"] = {"apiKey": "sk-secret", "baseUrl": server.anthropic_url}
    bench.outside.credentials["bedrock", "bedrock"] = account(server)
    return bench


def params(provider: str = "openai", **more: Any) -> dict[str, Any]:
    return {"credential": provider, "model": "small", "prompt": "Say {{ $json.n }}", **more}


def as_json(provider: str = "openai", **more: Any) -> dict[str, Any]:
    return params(provider, output="json", jsonSchema=VERDICT, **more)


def tokens(bench: Bench) -> tuple[int, int, int]:
    """All tokens that were told of: of input, of output, cached."""
    told = [counts for event in bench.outside.events for counts in event.get("usage", {}).get("tokens", {}).values()]
    return sum(one["input"] for one in told), sum(one["output"] for one in told), sum(one["cached"] for one in told)


# What is sent and what comes


@PROVIDERS
def test_an_answer_is_put_into_the_item_and_what_it_used_is_told(
    node: Bench, server: ModelServer, provider: str
) -> None:
    server.says(Says(["Good ", "morning", "."], tokens=(30, 7, 20)))
    assert node.json(params(provider), ONE) == [{"n": 1, "answer": "Good morning."}]
    assert tokens(node) == (30, 7, 20)


@SDKS
def test_what_is_asked_reaches_the_model(node: Bench, server: ModelServer, provider: str) -> None:
    server.says("yes")
    more = {"system": "Be brief.", "temperature": 0.5, "topP": 0.9, "mostTokens": 50, "stop": [{"text": "END"}]}
    node(params(provider, **more), items({"n": "Grüße 😀"}))
    [body] = server.bodies
    assert server.web.asked[0].headers["authorization"] == "Bearer sk-secret"
    assert (body["model"], body["temperature"], body["top_p"], body["stream"]) == ("small", 0.5, 0.9, True)
    assert "Grüße 😀" in json.dumps(body["messages"], ensure_ascii=False)
    if provider == "openai":
        assert body["messages"][0] == {"role": "system", "content": "Be brief."}
        assert (body["max_tokens"], body["stop"]) == (50, ["END"])
    else:
        assert (body["system"], body["max_tokens"], body["stop_sequences"]) == ("Be brief.", 50, ["END"])


def test_settings_that_are_left_empty_are_not_sent(node: Bench, server: ModelServer) -> None:
    server.says("yes")
    node(params(), ONE)
    assert not server.bodies[0].keys() & {"temperature", "top_p", "max_tokens", "max_completion_tokens", "stop"}


def test_a_server_of_ones_own_needs_no_key(node: Bench, server: ModelServer) -> None:
    node.outside.credentials["own", "openai"] = {"apiKey": "", "baseUrl": server.openai_url + "/"}
    server.says("yes")
    assert node.json(params(credential="own"), ONE) == [{"n": 1, "answer": "yes"}]


@SDKS
def test_a_conversation_is_sent_with_its_turns(node: Bench, server: ModelServer, provider: str) -> None:
    server.says("Fine.")
    talk = [
        {"role": "system", "content": "You are Ada."},
        {"role": "user", "content": "Hello"},
        {"role": "user", "content": "Anybody there?"},
        {"role": "assistant", "content": "Hi!"},
        {"role": "user", "content": "How are you?"},
    ]
    node(params(provider, ask="messages", messages=talk), ONE)
    [body] = server.bodies
    turns = [one["role"] for one in body["messages"] if one["role"] != "system"]
    assert turns == ["user", "assistant", "user"]
    assert "Anybody there?" in json.dumps(body["messages"][0 if provider == "anthropic" else 1])


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ("hello", "it is no JSON"),
        ({}, "it is no list"),
        ([], "it is no list"),
        (["hello"], "the role of message 1"),
        ([{"role": "robot", "content": "x"}], "the role of message 1"),
        ([{"role": "user", "content": ""}], "the content of message 1 is no text"),
        ([{"role": "user", "content": 5}], "the content of message 1 is no text"),
        ([{"role": "system", "content": "x"}], "the last one is not a user's"),
        ([{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}], "the last one is not a user's"),
    ],
)
def test_messages_that_are_none_are_refused(node: Bench, messages: Any, words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        node(params(ask="messages", messages=messages), ONE)


def stored(node: Bench, content: bytes, mime: str, name: str = "file") -> list[Any]:
    import hashlib
    import io

    digest = hashlib.sha256(content).hexdigest()
    ref = node.outside.claims.store_file(
        "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001/x",
        io.BytesIO(content),
        size=len(content),
        sha256=digest,
        mime_type=mime,
        file_name=name,
    )
    return [{"json": {"n": 1}, "binary": {"data": ref}}]


@PROVIDERS
@pytest.mark.parametrize(
    ("mime", "mark"), [("image/png", "image"), ("application/pdf", "file_data|document"), ("text/csv", "a,b")]
)
def test_files_go_along(node: Bench, server: ModelServer, provider: str, mime: str, mark: str) -> None:
    server.says("I see.")
    rows = stored(node, b"a,b\n1,2", mime, "table.csv")
    node(params(provider, files=[{"file": "data"}]), rows)
    said = json.dumps(server.bodies[0]["messages"])
    assert any(one in said for one in mark.split("|"))


def test_files_that_models_do_not_take_are_refused(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="of type application/zip, which models do not take"):
        node(params(files=[{"file": "data"}]), stored(node, b"PK", "application/zip"))
    with pytest.raises(ParameterInvalid, match="the item has no file “photo”"):
        node(params(files=[{"file": "photo"}]), stored(node, b"x", "image/png"))
    with pytest.raises(DataTooLarge, match="more than 20 MB together"):
        node(params(files=[{"file": "data"}] * 3), stored(node, b"x" * 8_000_000, "image/png"))


def test_an_answer_cut_at_its_most_tokens_is_given_with_a_warning(node: Bench, server: ModelServer) -> None:
    server.says(Says("Half an ans", stop="length"))
    assert node.json(params(mostTokens=3), ONE)[0]["answer"] == "Half an ans"
    assert "was cut" in json.dumps(node.outside.events)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("property 'stream_options' is unsupported, did you mean 'stream'?", "stream_options"),
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'",
            "max_tokens",
        ),
    ],
)
def test_a_setting_that_a_server_does_not_take_is_left_out_or_renamed(
    node: Bench, server: ModelServer, words: str, left: str
) -> None:
    server.refuses[left] = words
    server.says("yes")
    assert node.json(params(mostTokens=9, concurrency=1), items({}, {}))[1]["answer"] == "yes"
    first, *others = server.bodies
    assert left in first
    assert len(others) == 2
    assert left not in others[1]
    if left == "max_tokens":
        assert others[-1]["max_completion_tokens"] == 9


def test_several_items_at_once_learn_what_a_server_does_not_take(node: Bench, server: ModelServer) -> None:
    server.refuses["stream_options"] = "property 'stream_options' is unsupported"
    server.says("yes")
    assert [row["answer"] for row in node.json(params(concurrency=3), items({}, {}, {}))] == ["yes", "yes", "yes"]


# JSON


@SDKS
def test_json_keeps_to_the_schema_by_the_providers_own_way(node: Bench, server: ModelServer, provider: str) -> None:
    server.says('{"verdict": "good"}')
    assert node.json(as_json(provider), ONE) == [{"n": 1, "answer": {"verdict": "good"}}]
    body = server.bodies[0]
    if provider == "openai":
        assert body["response_format"]["json_schema"] == {"name": "answer", "schema": VERDICT, "strict": True}
    else:
        assert body["output_config"] == {"format": {"type": "json_schema", "schema": VERDICT}}


@SDKS
def test_a_server_without_schemas_is_asked_by_a_tool_then_by_words(
    node: Bench, server: ModelServer, provider: str
) -> None:
    refused = {"type": "error", "error": {"type": "invalid_request_error", "message": "unknown field response_format"}}
    no_tools = {"type": "error", "error": {"type": "invalid_request_error", "message": "this model takes no tools"}}
    server.says(Says(status=400, error=refused), Says(calls=[("answer", '{"verdict": "bad"}')]))
    assert node.json(as_json(provider), ONE)[0]["answer"] == {"verdict": "bad"}
    assert "tools" in server.bodies[1]
    answer = 'Here you are:\n```json\n{"verdict": "good"}\n```'
    server.says(Says(status=400, error=refused), Says(status=400, error=no_tools), answer)
    assert node.json(as_json(provider), ONE)[0]["answer"] == {"verdict": "good"}
    assert "keeps to this JSON schema" in json.dumps(server.bodies[-1])


@PROVIDERS
def test_wrong_json_is_repaired_and_paid_for_each_time(node: Bench, server: ModelServer, provider: str) -> None:
    server.says("I think it is good", '{"verdict": "fine"}', '{"verdict": "good"}')
    assert node.json(as_json(provider), ONE)[0]["answer"] == {"verdict": "good"}
    told = json.dumps(server.bodies[-1]["messages"])
    assert "it is no JSON" in told
    assert "fine" in told
    assert tokens(node)[1] == 15


@pytest.mark.parametrize("repairs", [0, 1])
def test_json_that_stays_wrong_fails_after_the_repairs(node: Bench, server: ModelServer, repairs: int) -> None:
    server.says('{"verdict": "fine"}')
    with pytest.raises(AnswerInvalid, match="does not keep to the schema") as caught:
        node(as_json(repairs=repairs), ONE)
    assert len(server.bodies) == repairs + 1
    assert "verdict" in caught.value.details["errors"][0]


def test_json_cut_at_its_most_tokens_says_so(node: Bench, server: ModelServer) -> None:
    server.says(Says('{"verdict": "go', stop="length"))
    with pytest.raises(AnswerInvalid, match="was cut before its JSON was whole"):
        node(as_json(), ONE)
    assert len(server.bodies) == 1


def test_a_schema_of_a_list_is_answered_with_a_list(node: Bench, server: ModelServer) -> None:
    server.says('{"answer": ["a", "b"]}')
    asked = params(output="json", jsonSchema=json.dumps({"type": "array", "items": {"type": "string"}}))
    assert node.json(asked, ONE)[0]["answer"] == ["a", "b"]
    sent = server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert (sent["type"], sent["required"]) == ("object", ["answer"])


def test_a_schema_that_openai_cannot_keep_strictly_is_a_hint(node: Bench, server: ModelServer) -> None:
    server.says('{"a": 1}')
    node(params(output="json", jsonSchema={"type": "object", "properties": {"a": {"type": "number"}}}), ONE)
    assert server.bodies[0]["response_format"]["json_schema"]["strict"] is False


@pytest.mark.parametrize("schema", ["{", [], 5, {"type": "nothing"}, {"$ref": "https://example.com/schema.json"}])
def test_a_schema_that_is_none_is_refused_before_anybody_is_asked(
    node: Bench, server: ModelServer, schema: Any
) -> None:
    with pytest.raises(SchemaInvalid):
        node(params(output="json", jsonSchema=schema), ONE)
    assert server.bodies == []


# What goes wrong

OPENAI_TOO_LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."


@pytest.mark.parametrize(
    ("provider", "status", "error", "kind", "words"),
    [
        (
            "openai",
            401,
            {"message": "Incorrect API key provided", "code": "invalid_api_key"},
            ModelAccessDenied,
            "Incorrect",
        ),
        ("openai", 403, {"message": "Project does not have access"}, ModelAccessDenied, "does not have access"),
        (
            "openai",
            404,
            {"message": "No model `small`", "code": "model_not_found"},
            ModelNotFound,
            "small",
        ),
        (
            "openai",
            400,
            {"message": OPENAI_TOO_LONG, "code": "context_length_exceeded"},
            ContextTooLong,
            "809 tokens too",
        ),
        ("openai", 400, {"message": "blocked", "code": "content_policy_violation"}, ContentRefused, "blocked"),
        ("openai", 400, {"message": "Unsupported value: 'temperature'"}, ModelRequestInvalid, "temperature"),
        ("openai", 429, {"message": "You exceeded your quota", "code": "insufficient_quota"}, ModelQuotaSpent, "quota"),
        ("openai", 429, {"message": "Rate limit reached"}, ModelRateLimited, "Rate limit"),
        ("openai", 500, {"message": "The server had an error"}, ModelUnavailable, "had an error"),
        (
            "anthropic",
            401,
            {"type": "authentication_error", "message": "invalid x-api-key"},
            ModelAccessDenied,
            "x-api",
        ),
        ("anthropic", 404, {"type": "not_found_error", "message": "model: small"}, ModelNotFound, "small"),
        (
            "anthropic",
            400,
            {"type": "invalid_request_error", "message": "prompt is too long: 208310 tokens > 200000 maximum"},
            ContextTooLong,
            "8,310 tokens too long",
        ),
        (
            "anthropic",
            400,
            {"type": "invalid_request_error", "message": "Your credit balance is too low to access the API"},
            ModelQuotaSpent,
            "credit balance",
        ),
        (
            "anthropic",
            413,
            {"type": "request_too_large", "message": "Request exceeds the maximum size"},
            ContextTooLong,
            "size",
        ),
        ("anthropic", 429, {"type": "rate_limit_error", "message": "slow down"}, ModelRateLimited, "slow down"),
        ("anthropic", 529, {"type": "overloaded_error", "message": "Overloaded"}, ModelUnavailable, "Overloaded"),
    ],
)
def test_refusals_are_typed_in_the_providers_own_words(
    node: Bench, server: ModelServer, provider: str, status: int, error: Any, kind: type[NodeError], words: str
) -> None:
    server.says(Says(status=status, error={"type": "error", "error": error}))
    with pytest.raises(kind, match=words) as caught:
        node(params(provider), ONE)
    assert type(caught.value) is kind
    assert "sk-secret" not in str(caught.value.to_json())
    assert len(server.bodies) == 1, "the platform retries, not the SDK"


@PROVIDERS
@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [("retry_after", "7", 7.0), ("retry_after_ms", "1500", 1.5), ("retry_after", "soon", None)],
)
def test_the_providers_hint_says_when_to_try_again(
    node: Bench, server: ModelServer, provider: str, header: str, value: str, seconds: float | None
) -> None:
    server.says(Says(status=429, error={"error": {"message": "slow down"}}, headers={header: value}))
    with pytest.raises(ModelRateLimited) as caught:
        node(params(provider), ONE)
    assert caught.value.retry_after == seconds


@PROVIDERS
@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b"", b"null", b'["x"]', b'{"error": "plain"}', b'{"detail": [1]}']
)
def test_bodies_that_are_no_errors_of_the_provider_are_unavailable_all_the_same(
    node: Bench, server: ModelServer, provider: str, body: bytes
) -> None:
    server.says(Says(status=502, error=body))
    with pytest.raises(ModelUnavailable):
        node(params(provider), ONE)


@PROVIDERS
def test_a_stream_that_ends_early_is_cut_and_says_what_came(node: Bench, server: ModelServer, provider: str) -> None:
    server.says(Says("The answer is", cut=True))
    with pytest.raises(ModelStreamCut) as caught:
        node(params(provider), ONE)
    assert caught.value.details["text"] == "The answer is"


@SDKS
def test_an_error_within_a_stream_is_typed(node: Bench, server: ModelServer, provider: str) -> None:
    server.says(Says("The", error={"type": "overloaded_error", "message": "Overloaded"}))
    with pytest.raises(ModelUnavailable, match="Overloaded"):
        node(params(provider), ONE)


@SDKS
def test_a_refusal_of_the_model_is_an_error_that_is_paid_for(node: Bench, server: ModelServer, provider: str) -> None:
    server.says(Says(refusal="I cannot help with that", tokens=(10, 5, 0)))
    with pytest.raises(ContentRefused, match="I cannot help with that"):
        node(params(provider), ONE)
    assert tokens(node)[0] == 10


@PROVIDERS
def test_a_server_that_says_nothing_is_too_late(node: Bench, server: ModelServer, provider: str) -> None:
    server.says(Says(silent=True))
    with pytest.raises(ModelTimeout):
        node(params(provider, timeoutSeconds=0.3), ONE)


@SDKS
def test_a_server_that_is_not_there_and_one_inside_are_told_apart(
    node: Bench, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.outside.credentials["gone", provider] = {"apiKey": "k", "baseUrl": "http://127.0.0.1:9"}
    with pytest.raises(ConnectionFailed, match=r"127\.0\.0\.1:9"):
        node(params(provider, credential="gone"), ONE)
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(params(provider, credential="gone"), ONE)


# Falling back, and limits


@pytest.mark.parametrize("status", [404, 429, 500])
def test_another_model_answers_where_the_first_cannot(node: Bench, server: ModelServer, status: int) -> None:
    server.says(Says(status=status, error={"error": {"message": "no"}}), "from the other")
    asked = params(fallbackModel="large", fallbackCredential="anthropic")
    assert node.json(asked, ONE)[0]["answer"] == "from the other"
    assert [body["model"] for body in server.bodies] == ["small", "large"]
    assert "large is asked" in json.dumps(node.outside.events)


def test_behind_a_refusal_nobody_else_is_asked(node: Bench, server: ModelServer) -> None:
    server.says(Says(refusal="no"))
    with pytest.raises(ContentRefused):
        node(params(fallbackModel="large"), ONE)
    assert len(server.bodies) == 1


def test_no_request_is_sent_once_the_tokens_are_used(node: Bench, server: ModelServer) -> None:
    server.says(Says("yes", tokens=(60, 40, 0)))
    with pytest.raises(SpendingLimit, match="has used 200 tokens; it may use 150"):
        node(params(concurrency=1, mostRunTokens=150), items({}, {}, {}))
    assert len(server.bodies) == 2


def test_results_keep_the_order_of_items(node: Bench, server: ModelServer) -> None:
    server.says("yes")
    rows = node.json(params(concurrency=5), items(*({"n": n} for n in range(12))))
    assert [row["n"] for row in rows] == list(range(12))
