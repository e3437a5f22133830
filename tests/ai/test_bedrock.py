"""Amazon Bedrock, through botocore, against a server that speaks Converse with its binary events."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.metering import Meter, metered
from stepweave.runtime.network import AddressForbidden, ConnectionFailed
from stepweave_ai import bedrock_client
from stepweave_ai.accounts import account_of
from stepweave_ai.errors import (
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
)
from stepweave_ai.providers import chat_model
from stepweave_ai.talking import ChatModel, Document, Image, Message, Part, Stop, Text, Tokens, ToolCall, ToolResult
from tests.ai.talks import TIME, WEATHER, Heard, ask, asking
from tests.fakes.bedrock import account, bedrock_server, event, model_of
from tests.fakes.models import ModelServer, Says

NOVA = "us.amazon.nova-lite-v1:0"
PIXEL = Image("image/png", "iVBORw0KGgo=")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFUNCTION")
    with bedrock_server() as made:
        made.says("fine")
        yield made


def bedrock(server: ModelServer, **more: str) -> ChatModel:
    return chat_model(account_of("bedrock", account(server, **more)))


def body(server: ModelServer, number: int = 0) -> Any:
    return server.bodies[number]


# What is asked


def test_the_model_is_asked_with_the_tenants_key_and_nobodys_settings(server: ModelServer) -> None:
    heard, meter = Heard(), Meter()
    server.says(Says(["Good ", "morning."], tokens=(30, 7, 20)))
    with metered(meter):
        answer = ask(bedrock(server), asking(tools=(), system="Be brief."), heard)
    assert (answer.text, answer.stop, answer.model) == ("Good morning.", Stop.END, "small")
    assert heard.words == ["Good ", "morning."]
    assert answer.tokens == heard.tokens == Tokens(30, 7, 20)
    [asked] = server.web.asked
    assert asked.path == "/model/small/converse-stream"
    signed = asked.headers["authorization"]
    assert signed.startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")
    assert "/us-east-1/bedrock/aws4_request" in signed
    assert body(server) == {
        "messages": [{"role": "user", "content": [{"text": "What is it like in Paris?"}]}],
        "system": [{"text": "Be brief."}],
    }
    assert meter.take()["requests"] == 1


def test_names_with_colons_and_arns_reach_the_server_whole(server: ModelServer) -> None:
    from dataclasses import replace

    arn = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc"
    for name in (NOVA, arn):
        ask(bedrock(server), replace(asking(tools=()), model=name))
    assert [model_of(asked.path) for asked in server.web.asked] == [NOVA, arn]


def test_settings_are_sent_where_they_are_made(server: ModelServer) -> None:
    wanted = {"temperature": 0.5, "top_p": 0.9, "most_tokens": 50, "stop": ["END"]}
    ask(bedrock(server), asking(tools=(), **wanted))
    limits = {"maxTokens": 50, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]}
    assert body(server)["inferenceConfig"] == limits


def test_pictures_and_documents_go_along_with_names_that_the_api_takes(server: ModelServer) -> None:
    pdf = "JVBERi0x"
    parts: list[Part] = [
        PIXEL,
        Document("Rechnung_März (2).v1.pdf", "application/pdf", pdf),
        Document("Rechnung März (2) v1.pdf", "application/pdf", pdf),
        Document("日本.pdf", "application/pdf", pdf),
    ]
    ask(bedrock(server), asking(Message("user", parts), tools=()))
    [message] = body(server)["messages"]
    image, *documents, words = message["content"]
    assert image == {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}}
    names = [one["document"]["name"] for one in documents]
    assert names == ["Rechnung M rz (2) v1", "Rechnung M rz (2) v1 2", "document"]
    assert documents[0]["document"]["source"] == {"bytes": pdf}
    assert words["text"], "the API wants words beside a document"


def test_an_api_key_goes_instead_of_a_signature(server: ModelServer) -> None:
    data = {"apiKey": "bedrock-api-key", "region": "us-east-1", "endpoint": server.anthropic_url}
    ask(chat_model(account_of("bedrock", data)), asking(tools=()))
    assert server.web.asked[0].headers["authorization"] == "Bearer bedrock-api-key"


def test_a_role_is_taken_on_once_for_many_requests(server: ModelServer) -> None:
    bedrock_client._roles.clear()
    role = {"roleArn": "arn:aws:iam::123456789012:role/x", "externalId": "tenant-7"}
    for _ in range(2):
        ask(bedrock(server, **role), asking(tools=()))
    taken, *asked = server.web.asked
    assert b"Action=AssumeRole" in taken.body
    assert b"ExternalId=tenant-7" in taken.body
    assert "Credential=AKIAEXAMPLE/" in taken.headers["authorization"]
    assert ["Credential=ASIAROLE/" in one.headers["authorization"] for one in asked] == [True, True]
    assert asked[0].headers["x-amz-security-token"] == "role-token"


def test_a_role_that_may_not_be_taken_on_is_said(server: ModelServer) -> None:
    bedrock_client._roles.clear()
    refused = (
        b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>"
    )
    server.web.routes["/"] = lambda exchange: exchange.answer(403, refused, content_type="text/xml")
    with pytest.raises(ModelAccessDenied, match=r"may not take on the role \(AccessDenied\): not authorized"):
        ask(bedrock(server, roleArn="arn:aws:iam::123456789012:role/x"), asking(tools=()))


# Tools


def test_tools_calls_and_results_go_both_ways(server: ModelServer) -> None:
    from dataclasses import replace

    wanted = [("get_weather", '{"city": "Paris"}'), ("get_time", "")]
    server.says(Says("Let me see.", calls=wanted))
    turns = [
        Message("user", [Text("?")]),
        Message("assistant", [Text(" "), ToolCall("a:1", "get_weather", '{"city": "Rome"}')]),
        Message("user", [Text("Quick.")]),
        Message("user", [ToolResult("a:1", "", is_error=True, images=[PIXEL])]),
    ]
    request = replace(asking(*turns, must_use="get_time"), model=NOVA)
    answer = ask(bedrock(server), request)
    assert answer.stop is Stop.TOOLS
    assert [(call.name, call.arguments) for call in answer.calls] == [wanted[0], ("get_time", "{}")]
    assert len({call.id for call in answer.calls}) == 2
    sent = body(server)
    specs = [tool["toolSpec"] for tool in sent["toolConfig"]["tools"]]
    assert [(one["name"], one["inputSchema"]["json"]) for one in specs] == [
        (WEATHER.name, WEATHER.schema),
        (TIME.name, TIME.schema),
    ]
    assert sent["toolConfig"]["toolChoice"] == {"tool": {"name": "get_time"}}
    _, called, given = sent["messages"]
    [use] = called["content"]
    result, quick = given["content"]
    assert use["toolUse"]["toolUseId"] == result["toolResult"]["toolUseId"] != "a:1"
    assert result["toolResult"]["status"] == "error"
    assert [*map(list, result["toolResult"]["content"])] == [["text"], ["image"]]
    assert quick == {"text": "Quick."}


def test_models_that_know_no_errors_are_told_in_words(server: ModelServer) -> None:
    turns = [
        Message("user", [Text("?")]),
        Message("assistant", [ToolCall("c", "get_weather", "{}")]),
        Message("user", [ToolResult("c", "no such city", is_error=True, images=[PIXEL])]),
    ]
    ask(bedrock(server), asking(*turns))
    result, words, image = body(server)["messages"][2]["content"]
    assert result["toolResult"] == {"toolUseId": "c", "content": [{"text": "Error: no such city"}]}
    assert "pictures" in words["text"]
    assert "image" in image


def test_a_talk_with_tools_that_are_not_to_be_used_any_more_still_names_them(server: ModelServer) -> None:
    turns = [
        Message("user", [Text("?")]),
        Message("assistant", [ToolCall("c", "get_weather", "{}")]),
        Message("user", [ToolResult("c", "rain")]),
    ]
    ask(bedrock(server), asking(*turns, tools=()))
    assert [tool["toolSpec"]["name"] for tool in body(server)["toolConfig"]["tools"]] == ["get_weather"]


def refusing(server: ModelServer, *rules: tuple[str, str]) -> None:
    """Let the server refuse what it is asked while a text stands in path or body, by the first rule that fits."""
    plain = server.web.otherwise
    assert plain is not None

    def give(exchange: Any) -> None:
        asked = exchange.asked.path + exchange.asked.body.decode()
        words = next((words for mark, words in rules if mark in asked), None)
        if words is None:
            plain(exchange)
        else:
            told = json.dumps({"message": words}).encode()
            exchange.answer(400, told, x_amzn_errortype="ValidationException")

    server.web.otherwise = give


def test_a_model_that_streams_no_tools_is_asked_without_streaming_from_then_on(server: ModelServer) -> None:
    refusing(server, ("converse-stream", "This model doesn't support tool use in streaming mode."))
    server.says(Says("Hm.", calls=[("get_weather", '{"city": "Paris"}')], tokens=(8, 2, 3)))
    heard, model = Heard(), bedrock(server)
    for _ in range(2):
        answer = ask(model, asking(), heard)
        assert (answer.text, answer.stop) == ("Hm.", Stop.TOOLS)
        assert [json.loads(call.arguments) for call in answer.calls] == [{"city": "Paris"}]
    assert [asked.path.rpartition("/")[2] for asked in server.web.asked] == ["converse-stream", "converse", "converse"]
    assert heard.tokens == Tokens(16, 4, 6)


def test_a_choice_of_tools_and_a_system_prompt_are_said_as_the_model_takes_them(server: ModelServer) -> None:
    refusing(
        server,
        ('"tool": {"name"', "This model doesn't support the toolConfig.toolChoice.tool field. Remove it."),
        ('"toolChoice"', "This model doesn't support the toolConfig.toolChoice field."),
        ('"system"', "This model doesn't support system messages. Try again without it."),
    )
    ask(bedrock(server), asking(must_use="get_time", system="Be brief."))
    *_, last = server.bodies
    assert "toolChoice" not in last["toolConfig"]
    assert "system" not in last
    assert last["messages"][0]["content"][0] == {"text": "Be brief."}
    assert len(server.bodies) == 4


def test_a_model_without_tools_chooses_by_words(server: ModelServer) -> None:
    refusing(server, ('"toolConfig"', "This model doesn't support tool use."))
    server.says('{"step": {"tool": "get_weather", "arguments": {"city": "Paris"}}}')
    assert [call.name for call in ask(bedrock(server), asking()).calls] == ["get_weather"]


# How it ends


@pytest.mark.parametrize(
    ("stop", "kind"),
    [
        ("guardrail_intervened", ContentRefused),
        ("content_filtered", ContentRefused),
        ("model_context_window_exceeded", ContextTooLong),
        ("malformed_tool_use", ModelUnavailable),
    ],
)
def test_ends_that_are_no_answers_are_errors_that_are_paid_for(
    server: ModelServer, stop: str, kind: type[NodeError]
) -> None:
    server.says(Says("I", stop=stop, tokens=(10, 5, 0)))
    heard = Heard()
    with pytest.raises(kind):
        ask(bedrock(server), asking(), heard)
    assert heard.tokens == Tokens(10, 5, 0)


@pytest.mark.parametrize(("stop", "ours"), [("max_tokens", Stop.LENGTH), ("stop_sequence", Stop.STOP_TEXT)])
def test_other_ends(server: ModelServer, stop: str, ours: Stop) -> None:
    server.says(Says("I", stop=stop))
    assert ask(bedrock(server), asking(tools=())).stop is ours


@pytest.mark.parametrize(
    ("status", "code", "words", "kind", "said"),
    [
        (429, "ThrottlingException", "Too many tokens, please wait before trying again.", ModelRateLimited, "Too many"),
        (429, "ModelNotReadyException", "Model is not ready", ModelUnavailable, "not ready"),
        (400, "ServiceQuotaExceededException", "exceeds the quota", ModelQuotaSpent, "quota"),
        (403, "AccessDeniedException", "You don't have access to the model", ModelAccessDenied, "don't have access"),
        (403, "UnrecognizedClientException", "The security token is invalid.", ModelAccessDenied, "security token"),
        (400, "ExpiredTokenException", "The security token is expired", ModelAccessDenied, "expired"),
        (403, "InvalidSignatureException", "The signature we calculated", ModelAccessDenied, "signature"),
        (400, "ValidationException", "The provided model identifier is invalid.", ModelNotFound, "identifier"),
        (
            400,
            "ValidationException",
            "Invocation of model ID x with on-demand throughput isn’t supported. Retry with an inference profile",
            ModelNotFound,
            "on-demand",
        ),
        (404, "ResourceNotFoundException", "This model version has reached the end of its life.", ModelNotFound, "end"),
        (400, "ValidationException", "Input is too long for requested model.", ContextTooLong, "too long"),
        (
            400,
            "ValidationException",
            "The model returned the following errors: prompt is too long: 208310 tokens > 200000 maximum",
            ContextTooLong,
            "8,310 tokens too long",
        ),
        (
            400,
            "ValidationException",
            "input length and `max_tokens` exceed context limit: 198000 + 8192 > 200000, decrease input length",
            ContextTooLong,
            "6,192 tokens too long",
        ),
        (
            400,
            "ValidationException",
            "The maximum tokens you requested exceeds the model limit of 4096.",
            ModelRequestInvalid,
            "4096",
        ),
        (424, "ModelErrorException", "The system encountered an error", ModelUnavailable, "encountered"),
        (408, "ModelTimeoutException", "Model has timed out in processing", ModelUnavailable, "timed out"),
        (503, "ServiceUnavailableException", "Bedrock is unable to process", ModelUnavailable, "unable"),
        (500, "InternalServerException", "Internal", ModelUnavailable, "Internal"),
        (418, "TeapotException", "short and stout", ModelRequestInvalid, "stout"),
    ],
)
def test_refusals_are_typed_in_awss_own_words(
    server: ModelServer, status: int, code: str, words: str, kind: type[NodeError], said: str
) -> None:
    server.says(Says(status=status, error={"code": code, "error": {"message": words}}))
    with pytest.raises(kind, match=said) as caught:
        ask(bedrock(server), asking(tools=()))
    assert type(caught.value) is kind
    assert caught.value.details["code"] == code
    assert "sk-secret" not in str(caught.value.to_json())
    assert len(server.web.asked) == 1, "the platform retries, not botocore"


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("throttlingException", ModelRateLimited),
        ("modelStreamErrorException", ModelUnavailable),
        ("internalServerException", ModelUnavailable),
        ("serviceUnavailableException", ModelUnavailable),
        ("validationException", ModelRequestInvalid),
    ],
)
def test_an_exception_within_the_stream_is_typed(server: ModelServer, type: str, kind: type[NodeError]) -> None:
    server.says(Says("The", error={"type": type, "message": "went wrong"}))
    with pytest.raises(kind, match="went wrong"):
        ask(bedrock(server), asking(tools=()))


def test_a_stream_that_is_broken_is_said(server: ModelServer) -> None:
    def stream(*pieces: bytes) -> None:
        server.web.otherwise = lambda exchange: exchange.answer(200, b"".join(pieces), content_type="application/x")

    start = event("contentBlockDelta", contentBlockIndex=0, delta={"text": "The"})
    stream(start)
    with pytest.raises(ModelStreamCut) as caught:
        ask(bedrock(server), asking(tools=()))
    assert caught.value.details["text"] == "The"
    stream(start[:-1] + b"x")
    with pytest.raises(ModelUnavailable):
        ask(bedrock(server), asking(tools=()))
    stream(b"<html>" * 100)
    with pytest.raises(ModelUnavailable):
        ask(bedrock(server), asking(tools=()))


def test_a_server_that_says_nothing_is_too_late(server: ModelServer) -> None:
    server.says(Says(silent=True))
    heard = Heard()
    with pytest.raises(ModelTimeout):
        bedrock(server).answer(asking(tools=()), heard.said, heard.used, seconds=0.3)


def test_what_thinks_aloud_and_events_of_tomorrow_are_left_out(server: ModelServer) -> None:
    thinks = {"reasoningContent": {"text": "Hm."}}
    pieces = [
        event("contentBlockDelta", contentBlockIndex=0, delta=thinks),
        event("contentBlockDelta", contentBlockIndex=1, delta={"text": "Yes."}),
        event("somethingNew", a=1),
        event("messageStop", stopReason="end_turn"),
    ]
    server.web.otherwise = lambda exchange: exchange.answer(200, b"".join(pieces), content_type="application/x")
    assert ask(bedrock(server), asking(tools=())).text == "Yes."


# Where it may go


def test_addresses_inside_and_endpoints_without_tls_are_not_asked(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden, match="has no TLS"):
        ask(bedrock(server), asking(tools=()))
    secure = server.anthropic_url.replace("http:", "https:")
    with pytest.raises(AddressForbidden, match="private network"):
        ask(bedrock(server, endpoint=secure), asking(tools=()))
    assert not server.web.asked


def test_a_server_that_is_not_there_and_a_credential_without_keys(server: ModelServer) -> None:
    with pytest.raises(ConnectionFailed, match=r"127\.0\.0\.1:9"):
        ask(bedrock(server, endpoint="http://127.0.0.1:9"), asking(tools=()))
    with pytest.raises(CredentialMissing):
        ask(bedrock(server, secretAccessKey=""), asking(tools=()))
