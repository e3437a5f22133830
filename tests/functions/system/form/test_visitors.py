"""Pages that belong to no form are in the visitor's language, and those of a form in the form's."""

import re
from pathlib import Path
from typing import Any

import pytest

from functions.system import form
from functions.system.form import handler
from functions.system.form.refusing import TOLD
from functions.system.form.words import words_of
from stepweave.runtime.form_links import path_of
from stepweave.spec.forms.languages import LANGUAGES
from stepweave_data.hooks import bodies, forms, requests
from stepweave_data.hooks.forms import MOST_FIELDS, MOST_FILES
from stepweave_data.hooks.visitors import language_of
from tests.fakes.lambda_context import CONTEXT
from tests.functions.system.form.stage import LOOK, SECRET, Stage, multipart
from tests.functions.system.form.test_visits import SOME_ID, shown
from tests.functions.system.hooks import call
from tests.functions.system.waiting import begin

EVERY = pytest.mark.parametrize("tag", LANGUAGES)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("DE-at", "de"),
        ("ca-ES,es;q=0.9,en;q=0.8", "es"),
        ("pt-BR, en;q=0.9", "pt"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("en;q=0.5,fr;q=0.9", "fr"),
        ("ja,zh-Hans-CN;q=0.5", "en"),
        ("ja, nl;q=0.1", "nl"),
        ("*", "en"),
        ("*, fr;q=0.5", "fr"),
        ("de;q=0, it;q=0.001", "it"),
        ("de;q=0", "en"),
        ("de;q=0.0,*", "en"),
        ("fr , de", "fr"),
        ("fr\t;q=0.2, de;Q=0.3", "de"),
        ("de;q=abc, it", "it"),
        ("de;q=2, it", "it"),
        ("de_DE, es", "de"),
        ("en_US", "en"),
        ("it,en_US;q=0.9", "it"),
        ("es-ES_tradnl, chrome://global/locale/intl.properties, q=0.5, Croatianq, q=0.01", "es"),
        ("fr-FR, de-de;q=0,8, de;q=0,6, en_US;q=0,4, *", "fr"),
        ("en-EN;q=0.47,-BE;q=0.43,nl-BE;q=0.63", "nl"),
        ("de;q=1.0000, it;q=0.1234, fr;q=0.1", "fr"),
        ("fr_CA;q=0.5; de", "en"),
        ("ar-EG", "ar"),
        ("ar-Latn, nl", "nl"),
        ("uz-Arab-AF", "en"),
        ("i-klingon, x-pig-latin, it", "it"),
        (",,;q=1,fr", "fr"),
        ("<script>alert(1)</script>", "en"),
        ("de'", "en"),
        ("\u0131t, es", "es"),
        ("it;q=1;level=1, fr;q=0.3", "fr"),
        ("aa," * 100_000 + "de", "en"),
        (" " * 100_000 + "de", "en"),
    ],
)
def test_the_best_language_that_there_are_texts_in(header: str, language: str) -> None:
    assert language_of({"accept-language": header}) == language


def broken(stage: Stage, path: str, tag: str) -> list[dict[str, Any]]:
    """Return the answers to what is sent to an address and is no form."""
    body, kind = multipart(*((f'name="f"; filename="{at}"', b"x") for at in range(MOST_FILES + 1)))
    return [
        stage.post(b"{}", path, Content_Type="application/json", Accept_Language=tag),
        stage.post(b"--B\r\ncut off", path, Content_Type="multipart/form-data; boundary=B", Accept_Language=tag),
        stage.post(
            b"x", path, Content_Type="multipart/form-data; boundary=B", Content_Encoding="br", Accept_Language=tag
        ),
        stage.post(b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1)), path, Accept_Language=tag),
        stage.post(body, path, Content_Type=kind, Accept_Language=tag),
    ]


@EVERY
def test_a_page_at_an_address_that_is_no_forms_is_in_the_visitors_language(stage: Stage, tag: str) -> None:
    words, dir = words_of(tag), "rtl" if tag == "ar" else "ltr"
    unknown = f"/forms/~/{SOME_ID}/{'a' * 43}"
    for answer, status, title, text in (
        (stage.get("/forms/acme/nothing", Accept_Language=tag), 404, "notFound", "noForm"),
        (stage.get("/forms/acme/~test/nothing", Accept_Language=tag), 404, "nobodyListens", ""),
        (stage.get(method="PUT", Accept_Language=tag), 405, "notPossible", "notPossibleNow"),
        (stage.get(unknown, Accept_Language=tag), 404, "notFound", "notOurs"),
        (stage.post({"f0": "a"}, unknown, Accept_Language=tag), 404, "notFound", "notOurs"),
    ):
        assert (answer["statusCode"], f'<html lang="{tag}" dir="{dir}">' in answer["body"]) == (status, True)
        assert f"<h1>{words(title)}</h1>" in answer["body"]  # type: ignore[arg-type]  # ids of texts
        assert not text or f"<p>{words(text)}</p>" in answer["body"]  # type: ignore[arg-type]


@EVERY
def test_a_page_that_no_form_started_is_in_the_visitors_language(stage: Stage, tag: str) -> None:
    path = path_of(SECRET, begin(stage.databases, stage.tenant, shown())["executionId"])
    answer = stage.get(path, Accept_Language=f"{tag}, en;q=0.1")
    assert (answer["statusCode"], f'<html lang="{tag}"' in answer["body"]) == (200, True)
    wrong = broken(stage, path, tag)
    assert [one["statusCode"] for one in wrong] == [415, 400, 415, 400, 400]
    assert all(f'<html lang="{tag}"' in one["body"] for one in wrong)


def test_a_form_speaks_its_own_language_whatever_the_visitors(stage: Stage) -> None:
    stage.target = stage.published(look={**LOOK, "language": "fr"})
    words, sent = words_of("fr"), broken(stage, "/forms/acme/contact", "de")
    assert [f"<h1>{words('unreadable')}</h1>" in one["body"] for one in sent] == [True, True, True, False, False]
    assert words("tooManyFiles", most=MOST_FILES) in sent[4]["body"]
    # Who writes the program that sent it is told more, in English.
    assert '<p class="note" lang="en" dir="ltr">Answers are sent as a form' in sent[0]["body"]


def test_what_nobody_foresaw_and_what_cannot_be_read_at_all_are_pages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> Any:
        raise RuntimeError("no database")

    monkeypatch.setattr(handler, "forms", failing)
    asked = call("/forms/acme/contact", method="GET", headers={"Accept-Language": "es"})
    answer = handler.handler(asked, CONTEXT)
    assert (answer["statusCode"], words_of("es")("ourMistake") in answer["body"]) == (500, True)
    assert "database" not in answer["body"]
    damaged = call("/forms/acme/contact", "\ufffd", headers={"Accept-Language": "ar", "Content-Length": "1"})
    damaged["isBase64Encoded"], damaged["body"] = False, "\ufffd"
    answer = handler.handler(damaged, CONTEXT)
    assert (answer["statusCode"], '<html lang="ar" dir="rtl">' in answer["body"]) == (415, True)
    assert answer["headers"]["content-security-policy"].startswith("sandbox ")


def test_every_refusal_has_its_page() -> None:
    sources = [
        *Path(str(form.__file__)).parent.glob("*.py"),
        *(Path(str(it.__file__)) for it in (bodies, forms, requests)),
    ]
    raised = {code for file in sources for code in re.findall(r'Refusal\(\s*\d+, "(\w+)"', file.read_text("utf-8"))}
    assert len(raised) > 10
    assert raised - set(TOLD) == set()
