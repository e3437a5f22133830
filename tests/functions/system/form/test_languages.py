"""What pages of forms say themselves: every text in every language, and each page in the form's."""

import json
import re
import string
from typing import Any, get_args

import pytest

from functions.nodes.triggers.form_trigger.spec import SPEC
from functions.system.form.serving import MOST_BYTES
from functions.system.form.words import FOLDER, TextId, Words, words_of
from stepweave.runtime.form_links import path_of
from stepweave.spec.forms.languages import LANGUAGES, OTHER, language_of
from stepweave_data.hooks.requests import read_request
from tests.functions.system.form.stage import LOOK, SECRET, Stage, fresh_id, hidden
from tests.functions.system.form.test_visits import SIZE, began, ended
from tests.functions.system.hooks import call
from tests.functions.system.waiting import tell, waiting

SHARED = {("es", "errorTitle")}
"""Texts that are the same as in English."""
EVERY = pytest.mark.parametrize("tag", LANGUAGES)


def texts(tag: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{tag}.json").read_text(encoding="utf-8"))
    return found


def forms_of(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(LANGUAGES)
    shown = SPEC.params.model_json_schema(by_alias=True)["properties"]["language"]["x-ui"]["options"]
    assert [one["value"] for one in shown] == [*LANGUAGES, OTHER]


@EVERY
def test_every_text_is_there_with_the_same_values(tag: str) -> None:
    found = texts(tag)
    assert list(found) == list(get_args(TextId))
    for id, english in texts("en").items():
        for text in forms_of(found[id]):
            assert text.strip() == text != "", id
            assert holes(text) == holes(forms_of(english)[0]), id
        if isinstance(found[id], dict):
            assert set(found[id]) == {"one", "other"}, id
            assert "count" in holes(found[id]["other"]), id


@EVERY
def test_texts_are_in_their_language(tag: str) -> None:
    english, found = texts("en"), texts(tag)
    same = [id for id in found if found[id] == english[id] and (tag, id) not in SHARED]
    assert tag == "en" or same == []
    letters = "".join(text for value in found.values() for text in forms_of(value))
    words = re.sub(r"\{\w+\}", "", letters)
    assert (re.search(r"[A-Za-z]", words) is None) is (tag == "ar")
    assert (re.search(r"[\u0600-\u06ff]", words) is not None) is (tag == "ar")


@pytest.mark.parametrize(
    ("tag", "button", "direction"),
    [
        ("en", "Submit", "ltr"),
        ("de-AT", "Absenden", "ltr"),
        ("pt-BR", "Enviar", "ltr"),
        ("AR-eg", "إرسال", "rtl"),
        ("ar-Latn", "Submit", "ltr"),
        ("ja", "Submit", "ltr"),
        ("", "Submit", "ltr"),
        ("de-Arab", "\u2066Submit\u2069", "rtl"),
        ("he", "\u2066Submit\u2069", "rtl"),
    ],
)
def test_a_tag_has_the_texts_of_its_language_or_english_ones(tag: str, button: str, direction: str) -> None:
    words = words_of(tag)
    assert (words("submit"), words.direction, words.language) == (button, direction, tag or "en")


def test_what_is_filled_in_keeps_its_own_order_where_texts_run_leftwards() -> None:
    assert words_of("ar")("notBefore", earliest="2026-01-31") == "يجب ألا يكون قبل \u20682026-01-31\u2069."
    assert words_of("de")("notBefore", earliest="2026-01-31") == "Frühestens möglich ist 2026-01-31."


@pytest.mark.parametrize(("count", "noun"), [(1, "caractère ;"), (2, "caractères ;")])
def test_a_count_has_the_plural_of_its_language(count: int, noun: str) -> None:
    assert noun in words_of("fr")("fewestCharacters", count=count, size=0)


@pytest.mark.parametrize(
    ("params", "language"),
    [
        ({}, "en"),
        ({"language": "de"}, "de"),
        ({"language": OTHER, "languageTag": "ja"}, "ja"),
        ({"language": OTHER}, "en"),
        ({"language": "ja", "languageTag": "de"}, "ja"),
    ],
)
def test_the_language_of_a_form(params: dict[str, Any], language: str) -> None:
    assert language_of(params) == language


ROWS: list[dict[str, Any]] = [
    {"name": "email", "type": "email", "required": True},
    {"name": "n", "type": "number", "minimum": "5"},
    {"name": "c", "type": "choice", "choices": "a\nb"},
    {"name": "r", "type": "rating"},
    {"name": "m", "minLength": 1, "maxLength": 3},
    {"name": "d", "type": "date", "earliest": "2026-01-31"},
    {"name": "p", "type": "password"},
    {"name": "b", "type": "boolean", "required": True},
]
WRONG = {"f0": "x", "f1": "1", "f2": "z", "f3": "9", "f4": "abcd", "f5": "2025-01-01", "f6": "s", "f8": "?"}


def english_in(body: str, tag: str) -> list[str]:
    """Return the English texts that a page shows in another language."""
    wanted = [text for id, value in texts("en").items() if (tag, id) not in SHARED for text in forms_of(value)]
    pieces = [piece for text in wanted for piece in re.split(r"\{\w+\}", text)]
    return [piece for piece in pieces if len(piece.strip()) > 4 and piece.strip() in body]


@EVERY
def test_each_page_is_in_the_language_of_its_form(stage: Stage, tag: str) -> None:
    look: Any = {**LOOK, "language": tag}
    stage.target = stage.published(*ROWS, look=look, perMinute=3)
    stage.target["page"] |= {"title": "T", "description": "D", "button": ""}
    words: Words = words_of(tag)
    token = stage.token()
    first = stage.get()["body"]
    assert f'<html lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}">' in first
    assert f"<button>{words('submit')}</button>" in first
    shown = [
        first,
        *(stage.post(sent, **more)["body"] for sent, more in (
            ({**WRONG, "~token": token}, {}),
            ({"f0": "a@b.example", "f7": "true", "~token": "old"}, {}),
            ({"f0": "a@b.example", "f7": "true", "~token": token, "homepage": "x"}, {}),
            ({**WRONG, "~token": token}, {}),
            (b"x" * (MOST_BYTES + 1), {}),
        )),
    ]  # fmt: skip
    stage.target["paused"] = True
    stage.redis.flushdb()
    shown.append(stage.get()["body"])
    assert words("tooOften") in shown[4]
    assert words("closedNow") in shown[6]
    assert words("tooLarge") in shown[5]
    assert [f'lang="{tag}"' in body for body in shown] == [True] * len(shown)
    if tag != "en":
        assert [english_in(body, tag) for body in shown] == [[]] * len(shown)


@EVERY
def test_later_pages_and_ends_are_in_it_too(stage: Stage, tag: str) -> None:
    words = words_of(tag)
    id = began(stage, form={"language": tag, "respond": "lastNode"})
    path = path_of(SECRET, id)
    assert words("oneMoment") in stage.get(path)["body"]
    details = {"title": "", "resume": {"page": {**SIZE, "button": ""}, "origin": {}}}
    tell(stage.databases, stage.tenant, stage.context, waiting("w", "token", "form", details=details))  # type: ignore[attr-defined]  # `began` puts it there
    page = stage.get(path)["body"]
    assert f"<button>{words('next')}</button>" in page
    wait = hidden(page, "~wait")
    large = stage.forms.serve(read_request(call(path, b"x" * (MOST_BYTES + 1)), "forms"))
    assert (large["statusCode"], f'lang="{tag}"' in large["body"]) == (413, True)
    assert words("chooseOne") in stage.post({"~wait": wait}, path)["body"]
    stage.post({"~wait": wait, "f0": "S"}, path)
    assert words("sentBefore") in stage.post({"~wait": wait, "f0": "M"}, path)["body"]
    ended(stage)
    end = stage.get(path)["body"]
    assert f"<h1>{words('thanks')}</h1>" in end
    assert words("arrived") in end


def test_what_the_author_wrote_counts_in_any_language(stage: Stage) -> None:
    stage.target = stage.published(look={**LOOK, "language": "ar"})
    assert "<button>Send</button>" in stage.get()["body"]
    path = path_of(SECRET, began(stage, form={"language": "de", "endTitle": "Done", "endMessage": "Bye"}))
    body = stage.get(path)["body"]
    assert ("<h1>Done</h1>" in body, "<p>Bye</p>" in body, "Vielen Dank" in body) == (True, True, False)


def test_a_page_that_is_too_large_stands_in_the_frame_of_its_form(stage: Stage) -> None:
    stage.target = stage.published(look={**LOOK, "embed": "https://a.example"})
    answer = stage.post(b"x" * (MOST_BYTES + 1))
    assert "frame-ancestors https://a.example" in answer["headers"]["content-security-policy"]
    unknown = stage.post(b"x" * (MOST_BYTES + 1), path_of(SECRET, fresh_id()), Accept_Language="it")
    assert (unknown["statusCode"], '<html lang="it"' in unknown["body"]) == (413, True)
