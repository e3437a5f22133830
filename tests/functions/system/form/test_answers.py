"""Answers to a form: each kind of field, what it takes, and what it says of what it does not take."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.system.form.answers import read
from functions.system.form.submissions import digest, prefilled, strange
from functions.system.form.words import words_of
from stepweave.spec.forms import FormField, FormInvalid, PageField, page_of
from stepweave.spec.forms.pages import Page
from stepweave_data.hooks.bodies import Content
from stepweave_data.hooks.forms import File
from stepweave_data.hooks.refusals import Refusal

ENGLISH = words_of("en")
PDF = File("f0", b"%PDF-", "application/pdf", "invoice.pdf")


def page(*rows: dict[str, Any]) -> Page:
    return page_of("Title", "", "Send", [FormField.model_validate({"name": "a", **row}) for row in rows])


def one(row: dict[str, Any], *given: str | File) -> Any:
    """Return the answer to a form of one field, or the problem with it."""
    texts = [part for part in given if isinstance(part, str)]
    files = [part for part in given if isinstance(part, File)]
    sent = {"f0": texts if len(texts) > 1 else texts[0]} if texts else {}
    found = read(page(row), Content(sent, files), ENGLISH)
    return found.problems[0] if found.problems else found.values["a"]


@pytest.mark.parametrize(
    ("row", "given", "expected"),
    [
        ({}, "Ada", "Ada"),
        ({}, " Zoë 🎉 ", " Zoë 🎉 "),
        ({}, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ({}, "", None),
        ({}, "   ", None),
        ({"type": "longText"}, "a\r\nb\rc", "a\nb\nc"),
        ({"type": "longText", "maxLength": 3}, "a\r\nb", "a\nb"),
        ({"type": "number"}, "12", 12),
        ({"type": "number"}, " -0.5 ", -0.5),
        ({"type": "number"}, "1e3", 1000),
        ({"type": "number"}, ".5", 0.5),
        ({"type": "number"}, "-.5e1", -5),
        ({"type": "number"}, "+5.", 5),
        ({"type": "number"}, "007", 7),
        ({"type": "number"}, "١٢", 12),
        ({"type": "number"}, "-۱۲٫۵", -12.5),
        ({"type": "number", "whole": True}, "１２", 12),
        ({"type": "number"}, "\u200e-7\u200e", -7),
        ({"type": "number", "whole": True}, "1e3", 1000),
        ({"type": "number", "minimum": "1", "maximum": "1.5"}, "1.5", 1.5),
        ({"type": "email"}, " ada@example.com ", "ada@example.com"),
        ({"type": "email"}, "ada.l+tag@sub.example.co", "ada.l+tag@sub.example.co"),
        ({"type": "url"}, "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ({"type": "phone"}, "+49 (30) 123-456", "+49 (30) 123-456"),
        ({"type": "phone"}, "\u202a+٤٩ ٣٠ ١٢٣\u202c", "+49 30 123"),
        ({"type": "email"}, "ada@example.com\u200f", "ada@example.com"),
        ({"type": "url"}, "\u2066https://example.com\u2069", "https://example.com"),
        ({"type": "password", "minLength": 3}, "päß", "päß"),
        ({"type": "date", "earliest": "2026-01-01", "latest": "2026-12-31"}, "2026-12-31", "2026-12-31"),
        ({"type": "date"}, "2028-02-29", "2028-02-29"),
        ({"type": "time"}, "23:59", "23:59"),
        ({"type": "dateTime"}, "2026-01-31T09:00", "2026-01-31T09:00"),
        ({"type": "choice", "choices": "S\nM"}, "M", "M"),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "", False),
        ({"type": "rating", "stars": 10}, "10", 10),
        ({"type": "rating"}, "", None),
        ({"type": "choice", "choices": "S\nM", "display": "radio"}, "", None),
        ({"type": "hidden"}, "from=mail", "from=mail"),
        ({"pattern": "[A-Z]{2}[0-9]+"}, "DE42", "DE42"),
        ({"pattern": "/[a-z]+/i"}, "ABC", "ABC"),
        ({"pattern": "a|b"}, "a", "a"),
    ],
)  # fmt: skip
def test_an_answer_that_fits_is_taken(row: dict[str, Any], given: str, expected: Any) -> None:
    answer = one(row, given)
    assert (answer, type(answer)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("row", "given", "says"),
    [
        ({"required": True}, "", "Fill this in."),
        ({"required": True}, " \t ", "Fill this in."),
        ({"type": "choice", "choices": "S\nM", "required": True}, "", "Choose one."),
        ({"type": "boolean", "required": True}, "", "Tick this"),
        ({"type": "boolean"}, "yes", "Tick it"),
        ({}, "a\nBcc: x@example.com", "one line"),
        ({}, "a\x00b", "control character"),
        ({"type": "longText"}, "x" * 1_000_000, "1000000 characters"),
        ({"minLength": 3}, "ab", "at least 3 characters; it has 2"),
        ({"maxLength": 1}, "ab", "at most 1 character;"),
        ({"type": "number"}, "1,5", "Write a number"),
        ({"type": "number"}, "NaN", "Write a number"),
        ({"type": "number"}, "Infinity", "Write a number"),
        ({"type": "number"}, "1e400", "too large"),
        ({"type": "number"}, "9007199254740993", "too large"),
        ({"type": "number"}, "١٬٠٠٠", "Write a number"),
        ({"type": "number"}, "1²", "Write a number"),
        ({"type": "number"}, "1" * 50_000, "Write a number"),
        ({"type": "number", "whole": True}, "1.5", "whole number"),
        ({"type": "number", "whole": True}, "1.000", "whole number"),
        ({"type": "number", "minimum": "0"}, "-1", "at least 0"),
        ({"type": "number", "maximum": "2"}, "2.1", "at most 2"),
        ({"type": "email"}, "ada@example", "email address"),
        ({"type": "email"}, "a@b.example\r\nBcc: c@d.example", "email address"),
        ({"type": "email"}, "a@b.example, c@d.example", "email address"),
        ({"type": "email"}, "ada@example..com", "email address"),
        ({"type": "url"}, "javascript:alert(1)", "https://"),
        ({"type": "url"}, "https://user:secret@example.com/", "https://"),
        ({"type": "url"}, "//example.com", "https://"),
        ({"type": "phone"}, "call me", "phone number"),
        ({"type": "phone"}, "---", "phone number"),
        ({"type": "date"}, "2026-02-30", "2026-01-31"),
        ({"type": "date"}, "20260131", "2026-01-31"),
        ({"type": "date", "earliest": "2026-01-01"}, "2025-12-31", "not be before 2026-01-01"),
        ({"type": "date", "latest": "2026-01-01"}, "2026-01-02", "not be after 2026-01-01"),
        ({"type": "time"}, "24:00", "09:00"),
        ({"type": "dateTime"}, "2026-01-31", "2026-01-31T09:00"),
        ({"type": "dateTime"}, "2026-01-31T09:00+02:00", "2026-01-31T09:00"),
        ({"type": "choice", "choices": "S\nM"}, "XL", "that are offered"),
        ({"type": "rating"}, "6", "1 to 5"),
        ({"type": "rating"}, "1.0", "1 to 5"),
        ({"type": "hidden"}, "x" * 50_001, "50001 characters"),
        ({"pattern": "[A-Z]{2}", "patternHelp": "Two capitals."}, "DEU", "Two capitals."),
        ({"pattern": "a|b"}, "ac", "asked for"),
        ({"pattern": "(a+)+$"}, "a" * 40 + "!", "could not be checked"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_to_the_visitor(row: dict[str, Any], given: str, says: str) -> None:
    assert says in one(row, given)


CHECKBOXES = {"type": "choice", "choices": "S\nM\nL", "display": "checkboxes"}


@pytest.mark.parametrize(
    ("row", "given", "expected"),
    [
        (CHECKBOXES, ["L", "S", "S"], ["S", "L"]),
        (CHECKBOXES, [], []),
        ({**CHECKBOXES, "required": True}, [], "Choose at least 1."),
        ({**CHECKBOXES, "minChoices": 2}, ["S"], "Choose at least 2."),
        ({**CHECKBOXES, "minChoices": 2}, [], []),
        ({**CHECKBOXES, "maxChoices": 1}, ["S", "M"], "Choose at most 1."),
        (CHECKBOXES, ["S", "XL"], "Choose among those that are offered."),
        ({}, ["a", "b"], "It was answered several times; answer it once."),
    ],
)
def test_several_answers(row: dict[str, Any], given: list[str], expected: Any) -> None:
    assert one(row, *given) == expected


TOLD = {"fileName": "invoice.pdf", "mimeType": "application/pdf", "size": 5}


@pytest.mark.parametrize(
    ("row", "given", "expected"),
    [
        ({}, [PDF], TOLD),
        ({"multiple": True}, [PDF, PDF], [TOLD, TOLD]),
        ({}, [], None),
        ({"multiple": True}, [], []),
        ({"required": True}, [], "Choose a file."),
        ({}, [PDF, PDF], "Choose one file only."),
        ({}, ["no file"], "Choose a file."),
        ({"accept": ".PDF"}, [PDF], TOLD),
        ({"accept": "*.csv, application/*"}, [PDF], TOLD),
        ({"accept": "image/*,.csv"}, [PDF], "invoice.pdf is none of image/*, .csv."),
        ({"maxMb": 0.000004}, [PDF], "invoice.pdf is too large: it may have 4 bytes."),
        ({}, [File("f0", b"", "text/plain", "a.txt")], "a.txt is empty."),
    ],
)
def test_files(row: dict[str, Any], given: list[Any], expected: Any) -> None:
    assert one({"type": "file", **row}, *given) == expected


def test_bytes_that_are_no_text_are_no_answer_in_a_text_field() -> None:
    assert "another encoding" in one({}, File("f0", b"\xff\xfe", "application/octet-stream"))


def test_a_field_may_be_called_as_people_call_it_and_means_nothing_else() -> None:
    names = ["What is your name?", 'a "quoted" [] name', "f1", "~token", "homepage", "hasOwnProperty"]
    whole = page_of("T", "", "B", [FormField(name=name) for name in names])
    found = read(whole, Content({f"f{index}": str(index) for index in range(len(names))}), ENGLISH)
    assert found.values == {name: str(index) for index, name in enumerate(names)}


@pytest.mark.parametrize("sent", ["__proto__", "constructor", "f1", "f01", "a", "~else", "f-1", "f0[]x"])
def test_what_no_field_asked_for_is_told(sent: str) -> None:
    found = read(page({}), Content({"f0": "x", sent: "y"}), ENGLISH)
    assert (found.fine, found.strange) == (False, [sent])
    assert sent in strange(found, ENGLISH)


def test_text_on_the_page_takes_no_answer() -> None:
    found = read(page({"type": "info", "content": "Hello"}), Content({"f0": "x"}), ENGLISH)
    assert (found.values, found.strange) == ({}, ["f0"])


def test_a_missing_answer_is_none_and_is_there() -> None:
    rows = [{"name": "t"}, {"name": "b", "type": "boolean"}, {"name": "n", "type": "number"}]
    found = read(page(*rows), Content(None), ENGLISH)
    assert (found.values, found.fine) == ({"t": None, "b": False, "n": None}, True)


def test_what_was_written_is_shown_again_but_no_password() -> None:
    rows = [{"name": "t"}, {"name": "p", "type": "password"}, {"name": "n", "type": "number"}]
    found = read(page(*rows), Content({"f0": "x", "f1": "secret", "f2": "none"}), ENGLISH)
    assert (found.given, sorted(found.problems)) == ({0: ["x"], 2: ["none"]}, [2])


def test_what_no_page_can_be_filled_in_with_again_is_to_be_given_anew() -> None:
    rows = [{"name": "n", "type": "number"}, {"name": "f", "type": "file"}, {"name": "p", "type": "password"}]
    found = read(page(*rows), Content({"f0": "x", "f2": "secret"}, [File("f1", b"1", "x/y", "a")]), ENGLISH)
    assert [found.marked[index].split()[0] for index in range(3)] == ["Write", "Choose", "Write"]
    assert "12.5" in found.marked[0]
    assert read(page(*rows), Content({"f0": "1"}, [File("f1", b"1", "x/y", "a")]), ENGLISH).fine


def test_choices_may_be_a_list() -> None:
    row = {"name": "a", "type": "choice", "choices": ["S", 2, True, "two\nlines", None], "display": "checkboxes"}
    [entry] = page_of("T", "", "Send", [PageField.model_validate({**row, "default": ["S", 2]})])["fields"]
    assert entry["choices"] == ["S", "2", "true", "two lines"]
    assert prefilled([entry]) == {0: ["S", "2"]}
    with pytest.raises(ValidationError):
        PageField.model_validate({**row, "choices": [{"name": "S"}]})


def test_the_same_answers_have_the_same_digest_and_others_another() -> None:
    row = {"type": "file"}
    texts = [digest(read(page({}), Content({"f0": text}), ENGLISH)) for text in ("a", "a", "b")]
    files = [
        digest(read(page(row), Content({}, [File("f0", content, "x/y", "a")]), ENGLISH))
        for content in (b"1", b"1", b"2")
    ]
    for first, again, other in (texts, files):
        assert first == again != other


def test_defaults_and_the_address_fill_a_page_in() -> None:
    rows = [
        {"name": "name", "default": "Ada"},
        {"name": "email", "type": "email", "default": "a@example.com"},
        {**CHECKBOXES, "name": "sizes", "default": "S\nM"},
        {"name": "from", "type": "hidden"},
        {"name": "secret", "type": "password"},
        {"name": "file", "type": "file"},
    ]
    query = "email=b%40example.com&from=%3Cb%3E&secret=x&file=y&__proto__=z&other=1"
    fields = page(*rows)["fields"]
    assert prefilled(fields, query) == {0: ["Ada"], 1: ["b@example.com"], 2: ["S", "M"], 3: ["<b>"]}
    assert prefilled(fields, "sizes=L&sizes=M")[2] == ["L", "M"]
    told = {"phone": "+49 30 1", "email": "a+b@x.y", "url": "https://x.y/?q=a+b", "text": "a+b", "boolean": "on"}
    query = "&".join(f"{type}={text}" for type, text in told.items())  # as people write it: a `+` is a space there
    rows = [{"name": type, "type": type} for type in told]
    meant = [*list(told.values())[:3], "a b", "true"]
    assert prefilled(page(*rows)["fields"], query) == {index: [text] for index, text in enumerate(meant)}
    with pytest.raises(Refusal):
        prefilled(fields, "&".join(f"a{index}=1" for index in range(2000)))


@pytest.mark.parametrize(
    ("rows", "field", "says"),
    [
        ([{"name": "a"}, {"name": "a"}], "1.name", "Two fields"),
        ([{"name": "__proto__"}], "0.name", "cannot be called"),
        ([{"name": "submittedAt"}], "0.name", "cannot be called"),
        ([{"name": "$json"}], "0.name", "cannot be called"),
        ([{"name": "email "}], "0.name", "space"),
        ([{"name": " "}], "0.name", "space"),
        ([{"type": "choice"}], "0.choices", "nothing to choose"),
        ([{"type": "choice", "choices": "\n".join(map(str, range(501)))}], "0.choices", "501 choices"),
        ([{**CHECKBOXES, "minChoices": 4}], "0.minChoices", "asks for 4"),
        ([{"minLength": 3, "maxLength": 2}], "0.minLength", "limits cross"),
        ([{"type": "number", "minimum": 3, "maximum": 2}], "0.minimum", "limits cross"),
        ([{"type": "date", "earliest": "tomorrow"}], "0.earliest", "'tomorrow'"),
        ([{"type": "date", "earliest": "2026-02-01", "latest": "2026-01-01"}], "0.earliest", "limits cross"),
        ([{"type": "file", "accept": "pdf"}], "0.accept", "no kind of file"),
    ],
)
def test_a_page_that_cannot_be_filled_in_says_where(rows: list[dict[str, Any]], field: str, says: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        page(*rows)
    assert (refused.value.field, says in refused.value.message) == (f"params.fields.{field}", True)
    assert refused.value.remedy


def test_a_page_has_an_end() -> None:
    rows = [{"name": f"n{index}", "help": "x" * 1000, "label": "y" * 500} for index in range(100)]
    with pytest.raises(FormInvalid) as refused:
        page(*rows)
    assert refused.value.field == "params.fields"
