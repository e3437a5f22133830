"""The nodes that ask providers for something else than chat, against a server that speaks their wire format."""

import hashlib
import importlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.ai.transcribe.recording import name_of
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.network import AddressForbidden
from stepweave_ai.errors import (
    ContentRefused,
    ModelAccessDenied,
    ModelNotFound,
    ModelRateLimited,
    ModelRequestInvalid,
    ModelServiceMissing,
    ModelTimeout,
    ModelUnavailable,
    SpendingLimit,
)
from tests.fakes.bedrock import account, bedrock_server
from tests.fakes.models import ModelServer, Says, model_server
from tests.fakes.services import PNG, form_of
from tests.fakes.steps import TENANT, Bench, items

PARAMS: dict[str, dict[str, Any]] = {
    "moderate": {"text": "{{ $json.text }}"},
    "embed": {"text": "{{ $json.text }}"},
    "transcribe": {"file": "data"},
    "generate_image": {"prompt": "A {{ $json.text }}"},
}
NODES = pytest.mark.parametrize("type", PARAMS)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with model_server() as made:
        yield made


def bench(server: ModelServer, type: str) -> Bench:
    folder = f"functions.nodes.ai.{type}"
    made = Bench(importlib.import_module(f"{folder}.spec").SPEC, importlib.import_module(f"{folder}.run").run)
    made.outside.credentials["own", "openai"] = {"apiKey": "sk-secret", "baseUrl": server.openai_url}
    return made


def params(type: str, **more: Any) -> dict[str, Any]:
    return {"credential": "own", **PARAMS[type], **more}


def recorded(node: Bench, content: bytes = b"sound", mime: str = "audio/mpeg", name: str = "a.mp3") -> list[Any]:
    digest = hashlib.sha256(content).hexdigest()
    ref = node.outside.claims.store_file(
        "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001/x",
        io.BytesIO(content),
        size=len(content),
        sha256=digest,
        mime_type=mime,
        file_name=name,
    )
    return [{"json": {"text": "x"}, "binary": {"data": ref}}]


def out_of(node: Bench, params: dict[str, Any], given: list[Any], **more: Any) -> dict[str, list[Any]]:
    """The items on each port."""
    output = node(params, given, **more)["output"]
    return {port: node.outside.claims.fetch(batch, TENANT) for port, batch in output.items()}


def used(node: Bench, kind: str) -> dict[str, Any]:
    """All usage of a kind that was told of, the last of each name."""
    told: dict[str, Any] = {}
    for event in node.outside.events:
        usage: Any = event.get("usage", {})
        told |= usage.get(kind, {})
    return told


# Moderate


def test_harmful_texts_go_another_way(server: ModelServer) -> None:
    node = bench(server, "moderate")
    out = out_of(node, params("moderate"), items({"text": "good"}, {"text": "bad"}, {"text": " "}))
    assert [item["json"]["text"] for item in out["clean"]] == ["good", " "]
    [bad] = out["flagged"]
    assert bad["json"]["moderation"]["categories"] == ["harassment"]
    assert bad["json"]["moderation"]["scores"]["harassment"] == 0.91
    assert len(server.bodies) == 2, "nobody is asked about an empty text"
    assert server.bodies[0]["model"] == "omni-moderation-latest"


def test_a_score_of_ones_own_flags(server: ModelServer) -> None:
    out = out_of(bench(server, "moderate"), params("moderate", threshold=0.3), items({"text": "good"}))
    assert out["flagged"][0]["json"]["moderation"]["categories"] == ["harassment/threatening"]
    out = out_of(bench(server, "moderate"), params("moderate", threshold=0.95), items({"text": "bad"}))
    assert list(out) == ["clean"]


# Embed


def test_texts_become_vectors_many_with_one_request(server: ModelServer) -> None:
    node = bench(server, "embed")
    rows = node.json(params("embed", batch=2, dimensions=4), items(*({"text": "x" * n} for n in (1, 2, 0, 3, 4))))
    assert [row["embedding"][0] if row["embedding"] else None for row in rows] == [1, 2, None, 3, 4]
    assert [len(body["input"]) for body in server.bodies] == [2, 1, 1]
    assert server.bodies[0]["dimensions"] == 4
    assert used(node, "tokens")["text-embedding-3-small"]["input"] > 0


def refusing_long(server: ModelServer, status: int = 400) -> None:
    """Let the server refuse every request with a text of more than five letters in it."""
    plain = server.web.routes["/v1/embeddings"]

    def give(exchange: Any) -> None:
        if any(len(text) > 5 for text in json.loads(exchange.asked.body)["input"]):
            exchange.answer(status, b'{"error": {"message": "input[1] is too long"}}', content_type="application/json")
        else:
            plain(exchange)

    server.web.routes["/v1/embeddings"] = give


def test_what_is_wrong_with_one_text_is_not_wrong_with_the_others(server: ModelServer) -> None:
    refusing_long(server)
    node = bench(server, "embed")
    texts = items({"text": "a"}, {"text": "x" * 9}, {"text": "b"})
    out = out_of(node, params("embed"), texts, settings={"onError": "branch"})
    assert [item["json"]["text"] for item in out["main"]] == ["a", "b"]
    assert len(out["error"]) == 1
    assert len(server.bodies) == 4
    with pytest.raises(ModelRequestInvalid, match="too long"):
        bench(server, "embed")(params("embed"), texts)


def test_models_by_item_are_asked_each_for_its_own(server: ModelServer) -> None:
    given = items({"text": "a", "m": "one"}, {"text": "b", "m": "two"}, {"text": "c", "m": "two"})
    bench(server, "embed")(params("embed", model="{{ $json.m }}"), given)
    assert [(body["model"], body["input"]) for body in server.bodies] == [("one", ["a"]), ("two", ["b", "c"])]


def test_fewer_vectors_than_texts_are_no_answer(server: ModelServer) -> None:
    server.web.routes["/v1/embeddings"] = lambda exchange: exchange.answer(
        200, b'{"data": [{"index": 0, "embedding": [1]}]}', content_type="application/json"
    )
    with pytest.raises(ModelUnavailable, match="no embeddings"):
        bench(server, "embed")(params("embed"), items({"text": "a"}, {"text": "b"}))


@pytest.mark.parametrize(
    ("model", "requests", "tokens"),
    [("amazon.titan-embed-text-v2:0", 3, 21), ("us.cohere.embed-v4:0", 1, 11), ("cohere.embed-english-v3", 1, 11)],
)
def test_bedrock_embeds_as_its_models_want_it(
    model: str, requests: int, tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with bedrock_server() as server:
        node = bench(server, "embed")
        node.outside.credentials["own", "bedrock"] = node.outside.credentials.pop(("own", "openai")) and account(server)
        rows = node.json(
            params("embed", model=model, dimensions=256), items({"text": "a"}, {"text": "bb"}, {"text": "ccc"})
        )
        assert [row["embedding"][0] for row in rows] == [1, 2, 3]
        assert used(node, "tokens")[model]["input"] == tokens
        assert len(server.web.asked) == requests
        body = json.loads(server.web.asked[0].body)
        assert 256 in (body.get("dimensions"), body.get("output_dimension"))
        with pytest.raises(ModelServiceMissing, match="no embeddings of"):
            node(params("embed", model="amazon.nova-lite-v1:0"), items({"text": "a"}))


# Transcribe


def test_a_recording_becomes_text(server: ModelServer) -> None:
    node = bench(server, "transcribe")
    more = {"language": "en", "prompt": "Stepweave", "temperature": 0}
    [row] = node.json(params("transcribe", **more), recorded(node))
    assert row["transcript"] == "Hello there. Good bye."
    form = form_of(server.web.asked[0])
    assert form["file"] == ("a.mp3", b"sound", "audio/mpeg")
    assert (form["model"], form["language"], form["prompt"], form["response_format"]) == (
        "whisper-1",
        "en",
        "Stepweave",
        "json",
    )
    assert used(node, "counted")["seconds of audio"] == "90"


def test_segments_and_subtitles_have_times(server: ModelServer) -> None:
    node = bench(server, "transcribe")
    [row] = node.json(params("transcribe", output="segments"), recorded(node))
    assert row["transcript"]["language"] == "english"
    assert row["transcript"]["seconds"] == 90.5
    assert row["transcript"]["segments"][0] == {"start": 0.0, "end": 1.5, "text": "Hello there."}
    [row] = node.json(params("transcribe", output="srt"), recorded(node))
    assert row["transcript"] == (
        "1\n00:00:00,000 --> 00:00:01,500\nHello there.\n\n2\n01:01:01,250 --> 01:01:02,000\nGood bye.\n"
    )


def test_models_that_are_sold_by_tokens_tell_of_them(server: ModelServer) -> None:
    node = bench(server, "transcribe")
    node(params("transcribe", model="gpt-4o-transcribe"), recorded(node))
    assert used(node, "tokens")["gpt-4o-transcribe"]["input"] == 104


@pytest.mark.parametrize(
    ("name", "mime", "sent"),
    [
        ("voice.oga", "audio/ogg", "voice.ogg"),
        ("voice.opus", "audio/opus", "voice.ogg"),
        ("", "audio/mpeg", "recording.mp3"),
        ("a", "audio/x-wav", "a.wav"),
        ("WhatsApp Audio", "audio/ogg", "WhatsApp Audio.ogg"),
        ("../../a.MP3", "audio/mpeg", "a.MP3"),
        ("film.mov", "video/quicktime", "film.mov"),
        ("blob", "audio/webm", "blob.webm"),
    ],
)
def test_recordings_are_named_so_that_providers_know_them(name: str, mime: str, sent: str) -> None:
    assert name_of(name, mime) == sent


def test_a_voice_message_without_a_type_goes_with_that_of_its_name(server: ModelServer) -> None:
    node = bench(server, "transcribe")
    node(params("transcribe"), recorded(node, mime="application/octet-stream", name="PTT-0001.opus"))
    assert form_of(server.web.asked[0])["file"] == ("PTT-0001.ogg", b"sound", "audio/ogg")


def test_recordings_that_are_none_are_refused(server: ModelServer) -> None:
    node = bench(server, "transcribe")
    with pytest.raises(ParameterInvalid, match="empty"):
        node(params("transcribe"), recorded(node, b""))
    with pytest.raises(DataTooLarge, match="26 MB"):
        node(params("transcribe"), recorded(node, bytes(26 * 1024 * 1024)))
    with pytest.raises(ParameterInvalid, match="no file"):
        node(params("transcribe"), items({"text": "x"}))
    assert not server.web.asked


# Generate image


def test_pictures_become_files(server: ModelServer) -> None:
    node = bench(server, "generate_image")
    more = {"count": 2, "size": "1024x1024", "quality": "low", "format": "png", "fileName": "cover"}
    [item] = out_of(node, params("generate_image", **more), items({"text": "cat"}))["main"]
    assert [(name, ref["mimeType"], ref["fileName"]) for name, ref in item["binary"].items()] == [
        ("cover", "image/png", "cover.png"),
        ("cover_2", "image/png", "cover_2.png"),
    ]
    assert item["binary"]["cover"]["size"] == len(PNG) + 1
    [body] = server.bodies
    assert body == {
        "model": "gpt-image-1",
        "prompt": "A cat",
        "n": 2,
        "size": "1024x1024",
        "quality": "low",
        "output_format": "png",
    }
    assert used(node, "tokens")["gpt-image-1"] == {"input": 12, "output": 272, "cached": 0}


def test_a_picture_by_its_address_is_fetched(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    node = bench(server, "generate_image")
    [item] = out_of(node, params("generate_image", model="dall-e-3"), items({"text": "cat"}))["main"]
    assert item["json"]["revisedPrompt"] == "A cat, in oil."
    assert item["binary"]["image"]["size"] == len(PNG)
    assert "authorization" not in server.web.asked[-1].headers, "the key is the provider's alone"


def test_a_picture_at_a_private_address_is_not_fetched(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"created": 1, "data": [{"url": "http://169.254.169.254/latest/meta-data"}]}).encode()
    server.says(Says(error=body))
    from stepweave_ai import network

    def guarded(host: str, port: int) -> list[str]:
        if host.startswith("169."):
            raise AddressForbidden("inside", "Use a public address.")
        return [host]

    monkeypatch.setattr(network, "addresses_of", guarded)
    with pytest.raises(AddressForbidden):
        bench(server, "generate_image")(params("generate_image"), items({"text": "cat"}))


# All of them


def given(node: Bench, type: str) -> list[Any]:
    return recorded(node) if type == "transcribe" else items({"text": "cat"})


@NODES
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"message": "Incorrect API key provided"}, ModelAccessDenied),
        (404, {"message": "Not found"}, ModelServiceMissing),
        (404, {"message": "no such model", "code": "model_not_found"}, ModelNotFound),
        (400, {"message": "Unknown parameter: 'size'"}, ModelRequestInvalid),
        (400, {"message": "rejected by the safety system", "code": "moderation_blocked"}, ContentRefused),
        (429, {"message": "Rate limit reached"}, ModelRateLimited),
        (500, {"message": "The server had an error"}, ModelUnavailable),
    ],
)
def test_refusals_are_typed(
    server: ModelServer, type: str, status: int, error: dict[str, str], kind: type[NodeError]
) -> None:
    server.says(Says(status=status, error={"error": error}))
    node = bench(server, type)
    with pytest.raises(kind, match=error["message"]) as caught:
        node(params(type), given(node, type))
    assert "sk-secret" not in str(caught.value.to_json())


@NODES
@pytest.mark.parametrize("body", [b"{}", b'{"data": null, "results": []}', b"[]", b"null", b"<html>"])
def test_answers_that_are_none_are_said(server: ModelServer, type: str, body: bytes) -> None:
    server.says(Says(error=body))
    node = bench(server, type)
    with pytest.raises(ModelUnavailable):
        node(params(type), given(node, type))


@NODES
def test_a_server_that_says_nothing_is_too_late(server: ModelServer, type: str) -> None:
    server.says(Says(silent=True))
    node = bench(server, type)
    with pytest.raises(ModelTimeout):
        node(params(type, timeoutSeconds=0.3), given(node, type))


def test_no_request_is_sent_once_the_money_is_spent(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from stepweave_ai import prices

    monkeypatch.setattr(prices, "OPENAI_URL", server.openai_url)
    node = bench(server, "generate_image")
    more = {"concurrency": 1, "mostRunMoney": 0.01}
    with pytest.raises(SpendingLimit, match=r"has spent 0\.01094 USD"):
        node(params("generate_image", **more), items({"text": "a"}, {"text": "b"}))
    assert used(node, "money") == {"USD": "0.01094"}
