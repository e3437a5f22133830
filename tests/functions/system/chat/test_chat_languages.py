"""What chats say themselves: every text in every language."""

import json
import string
from typing import Any, get_args

import pytest

from functions.system.chat import handler
from functions.system.chat.words import FOLDER, TextId, words_of
from stepweave.spec.forms.languages import LANGUAGES
from tests.fakes.lambda_context import CONTEXT
from tests.functions.system.chat.stage import PLACE, Stage, told
from tests.functions.system.hooks import call


def texts(tag: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{tag}.json").read_text(encoding="utf-8"))
    return found


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_text_is_there_with_the_same_values(tag: str) -> None:
    found = texts(tag)
    assert list(found) == list(get_args(TextId))
    for id, english in texts("en").items():
        assert found[id].strip() == found[id] != "", id
        assert holes(found[id]) == holes(english), id


def test_page_and_refusals_are_in_the_chats_language(stage: Stage) -> None:
    stage.publish(look={"language": "ar"})
    body = stage.ask()["body"]
    assert '<html lang="ar" dir="rtl">' in body
    answer = stage.send(stage.enter(), "x" * 101)
    assert told(answer)[0] == 422
    assert json.loads(answer["body"])["detail"] == words_of("ar")("tooLong", count=101, most=100)


@pytest.mark.parametrize(
    ("reads", "tag"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("ar", "ar"),
        ("fr;q=0.1, pt_BR", "pt"),
        ("xx, *", "en"),
        ("", "en"),
        (";;q=,", "en"),
    ],
)
def test_a_page_of_no_chat_is_in_the_visitors_language(stage: Stage, reads: str, tag: str) -> None:
    words = words_of(tag)
    there_is_none = stage.ask(place="/chat/acme/nothing", Accept_Language=reads)
    assert there_is_none["statusCode"] == 404
    assert f'<html lang="{tag}" dir="{words.direction}">' in there_is_none["body"]
    assert words("noChat") in there_is_none["body"]
    wrong = stage.ask(method="PUT", Accept_Language=reads)
    assert (wrong["statusCode"], wrong["headers"]["allow"]) == (405, "GET, HEAD")
    assert words("notPossibleNow") in wrong["body"]
    assert "<script" not in wrong["body"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_nobody_foresaw_is_a_page_in_the_visitors_language(monkeypatch: pytest.MonkeyPatch, tag: str) -> None:
    monkeypatch.setattr(handler, "chats", _failing)
    words = words_of(tag)
    answer = handler.handler(call(PLACE, method="GET", headers={"Accept-Language": f"{tag}, en;q=0.1"}), CONTEXT)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (500, "text/html; charset=utf-8")
    assert f'<html lang="{tag}" dir="{words.direction}">' in answer["body"]
    assert f"<h1>{words('wentWrong')}</h1><p>{words('ourMistake')}</p>" in answer["body"]
    assert "database" not in answer["body"]
    assert "<script" not in answer["body"]


@pytest.mark.parametrize(("method", "place"), [("POST", PLACE), ("POST", f"{PLACE}/~send"), ("GET", f"{PLACE}/~talk")])
def test_what_nobody_foresaw_is_data_for_programs(monkeypatch: pytest.MonkeyPatch, method: str, place: str) -> None:
    monkeypatch.setattr(handler, "chats", _failing)
    answer = handler.handler(call(place, method=method, headers={"Accept-Language": "de"}), CONTEXT)
    assert (answer["statusCode"], told(answer)[0], json.loads(answer["body"])["code"]) == (500, 500, "internal")
    assert "database" not in answer["body"]


def _failing() -> Any:
    raise RuntimeError("no database")
