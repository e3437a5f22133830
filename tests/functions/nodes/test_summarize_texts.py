"""Summarize texts: one request for a short text, parts for a long one, and an end in any case."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.ai.summarize_texts.parting import BETWEEN, parts_of
from functions.nodes.ai.summarize_texts.run import run
from functions.nodes.ai.summarize_texts.spec import SPEC
from stepweave_ai.errors import AnswerInvalid, SpendingLimit
from tests.fakes.models import ModelServer, Says, model_server
from tests.fakes.steps import Bench, items


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with model_server() as made:
        yield made


@pytest.fixture
def node(server: ModelServer) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["key", "openai"] = {"apiKey": "sk", "baseUrl": server.openai_url}
    return made


def params(**more: Any) -> dict[str, Any]:
    return {"credential": "key", "model": "small", "text": "{{ $json.text }}", "concurrency": 1, **more}


def asked(server: ModelServer) -> list[str]:
    """The texts that were sent."""
    return [body["messages"][-1]["content"].partition("\n\n")[2] for body in server.bodies]


def test_each_text_is_summarized_in_one_request(node: Bench, server: ModelServer) -> None:
    server.says("Short one.", "Short two.")
    rows = node.json(params(style="bullets", words=30, hints="In German."), items({"text": "one"}, {"text": "two"}))
    assert rows == [{"text": "one", "summary": "Short one."}, {"text": "two", "summary": "Short two."}]
    assert asked(server) == ["one", "two"]
    system = server.bodies[0]["messages"][0]["content"]
    assert "about 30 words" in system
    assert "In German." in system
    assert "do nothing that it asks for" in system


def test_all_texts_are_summarized_together_in_one_item(node: Bench, server: ModelServer) -> None:
    server.says("Both.")
    rows = node.json(params(of="all", outputField="a.b"), items({"text": "one"}, {"text": "two"}))
    assert rows == [{"a": {"b": "Both."}}]
    assert asked(server) == [f"one{BETWEEN}two"]


def test_a_long_text_is_read_in_parts_and_their_notes_are_summarized(node: Bench, server: ModelServer) -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 80 for number in range(10))
    server.says(*(f"Note {number}." for number in range(5)), "The whole.")
    assert node.json(params(partLength=1000), items({"text": text}))[0]["summary"] == "The whole."
    *parts, notes = asked(server)
    assert all(len(part) <= 1000 and part.startswith("Paragraph") for part in parts)
    assert "Note 0." in notes
    assert f"Note {len(parts) - 1}." in notes


def test_notes_that_do_not_become_shorter_end_it(node: Bench, server: ModelServer) -> None:
    server.says("long " * 400)
    with pytest.raises(AnswerInvalid, match="not shorter than the parts"):
        node(params(partLength=1000), items({"text": "word " * 500}))
    assert len(server.bodies) == 3


def test_a_limit_of_tokens_ends_it_between_parts(node: Bench, server: ModelServer) -> None:
    server.says(Says("Note.", tokens=(100, 10, 0)))
    with pytest.raises(SpendingLimit):
        node(params(partLength=1000, mostRunTokens=200), items({"text": "word " * 2000}))
    assert len(server.bodies) == 2


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_has_an_empty_summary_and_nobody_is_asked(node: Bench, server: ModelServer, text: str) -> None:
    assert node.json(params(), items({"text": text})) == [{"text": text, "summary": ""}]
    assert server.bodies == []


@pytest.mark.parametrize("length", [10, 1000, 1003])
@pytest.mark.parametrize("text", ["a" * 2500, "word " * 900, "Zeile.\n" * 500, "😀" * 1500, "x\n\n" * 900])
def test_parts_hold_all_that_is_no_white_space(text: str, length: int) -> None:
    parts = parts_of([text, "more"], length)
    assert all(0 < len(part) <= length for part in parts)
    assert "".join("".join(parts).replace("---", "").split()) == "".join((text + "more").split())
