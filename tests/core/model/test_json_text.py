"""The one rule for text and numbers that JSON, UTF-8 or Postgres cannot carry."""

import json
from typing import Any

import pytest

from stepweave.model.json_text import JsonInvalid, endless_place, finite, mended, mended_text, read, write

HALF = "\ud83d"
EMOJI = "\U0001f600"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"a": "\\ud83d\\ude00"}', {"a": EMOJI}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ('{"b": 1, "a": 2, "b": 3}', {"b": 3, "a": 2}),
        ('"\\\\ud83d"', "\\ud83d"),
        ("1e308", 1e308),
        ("1e-999", 0.0),
        ('"1e999"', "1e999"),
        ("9007199254740993", 9007199254740993),
        ('"\\u0000"', "\x00"),
        ("[" * 200 + "]" * 200, None),
    ],
)
def test_what_can_be_carried_is_read(text: str, data: Any) -> None:
    found = read(text.encode())
    assert data is None or found == data
    if isinstance(data, dict):
        assert list(found) == list(data)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": [1, {"b c": "\\ud83d"}]}', 'a[1]["b c"]'),
        ('{"\\udc00": 1}', "a name in the whole"),
        ('{"a": {"\\udc00": 1}}', "a name in a"),
        ('"\\ude00\\ud83d"', ""),
        ('{"n": 1e400}', "n"),
        ('{"n": [-1e400]}', "n[0]"),
        ('{"n": ' + "9" * 400 + "}", "n"),
        ('{"n": ' + "9" * 5000 + "}", "n"),
        ("[" * 201 + "]" * 201, ""),
        ("[" * 5000 + "]" * 5000, ""),
    ],
)
def test_what_cannot_be_carried_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(JsonInvalid) as caught:
        read(text.encode())
    assert (caught.value.place, caught.value.syntax) == (place, False)


@pytest.mark.parametrize("content", [b"{", b"NaN", b"-Infinity", b"\xff", b"", b"'a'", '{"a"}'.encode("utf-16")])
def test_what_is_no_json_is_refused_as_such(content: bytes) -> None:
    with pytest.raises(JsonInvalid) as caught:
        read(content)
    assert caught.value.syntax


def test_nul_is_refused_where_it_would_be_stored() -> None:
    with pytest.raises(JsonInvalid, match=r"NUL.*\(at a\)"):
        read('{"a": "\\u0000"}', nul=False)


def test_halves_are_mended_and_told_of_and_pairs_are_joined() -> None:
    assert mended({"a": [f"x{HALF}y"], f"k{HALF}": 1}) == ({"a": ["x\ufffdy"], "k\ufffd": 1}, ["a[0]", '["k\ufffd"]'])
    assert mended_text(HALF + "\ude00") == EMOJI
    whole = {"a": EMOJI}
    assert mended(whole)[0] is whole


def test_what_is_written_can_be_read_everywhere() -> None:
    text = write({"a": HALF, "b": float("nan"), "c": [float("inf"), 10**400], "d": EMOJI, HALF: 1})
    assert text.isascii()
    assert json.loads(text) == {"a": "\ufffd", "b": None, "c": [None, None], "d": EMOJI, "\ufffd": 1}


def test_numbers_that_are_none_have_a_place() -> None:
    assert endless_place([{"json": {"a": [1, float("nan")]}}]) == "[0].json.a[1]"
    assert endless_place({"a": 1e308}) == ""
    assert finite([float("-inf"), 2]) == [None, 2]
