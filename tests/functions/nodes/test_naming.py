"""Rename keys and set fields: names, paths, patterns, JSON, and the other fields."""

from typing import Any

import pytest

from functions.nodes.data.rename_keys.run import run
from functions.nodes.data.rename_keys.spec import SPEC
from functions.nodes.data.set_fields.run import run as set_run
from functions.nodes.data.set_fields.spec import SPEC as SET
from stepweave.runtime.errors import NodeError, ParameterInvalid, PatternInvalid, ValueMismatch
from tests.fakes.steps import Bench, items

ROW: dict[str, Any] = {"Id": 1, "c": {"name": "Ada", "x": [{"f_a": 1}, 2]}, "f_b": 2, "a.b": 3, "F_c": 4}


def renamed(params: dict[str, Any], row: dict[str, Any] = ROW) -> dict[str, Any]:
    (made,) = Bench(SPEC, run).json(params, items(row))
    return made


def keys(*pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"keys": [{"old": old, "new": new} for old, new in pairs], **more}


def pattern(pattern: str, replacement: str = "", **more: Any) -> dict[str, Any]:
    return {"patterns": [{"pattern": pattern, "replacement": replacement, **more}]}


@pytest.mark.parametrize(
    ("params", "row", "made"),
    [
        (keys(("Id", "Account ID")), {"Id": 1, "b": 2}, {"Account ID": 1, "b": 2}),
        (keys(("a", "b"), ("b", "a")), {"a": 1, "x": 0, "b": 2}, {"b": 1, "x": 0, "a": 2}),
        (keys(("a.b", "c")), {"a": {"b": 1, "d": 2}}, {"a": {"d": 2}, "c": 1}),
        (keys(("c", "a.b.e")), {"a": {"d": 2}, "c": 1}, {"a": {"d": 2, "b": {"e": 1}}}),
        (keys(("a.b", "x")), {"a.b": 1, "a": {"b": 2}}, {"x": 1, "a": {"b": 2}}),
        (keys(("a", "x.y"), dots=False), {"a": 1}, {"x.y": 1}),
        (keys(("l[0].a", "l[0].b")), {"l": [{"a": 1}, {"a": 2}]}, {"l": [{"b": 1}, {"a": 2}]}),
        (keys(("a", "b")), {"a": 1, "b": 2, "c": 3}, {"b": 1, "c": 3}),
        (keys(("a", "a")), {"a": 1}, {"a": 1}),
        (keys(("nowhere", "b")), {"a": None}, {"a": None}),
        (keys(("a", "b")), {"a": None}, {"b": None}),
        (keys(("{{ $json.which }}", "b")), {"which": "which"}, {"b": "which"}),
        (
            pattern("^f_", "g"),
            ROW,
            {
                **{k: v for k, v in ROW.items() if k not in ("c", "f_b", "F_c")},
                "c": {"name": "Ada", "x": [{"ga": 1}, 2]},
                "gb": 2,
                "F_c": 4,
            },
        ),
        (pattern("^f_", ignoreCase=True, depth=0), {"F_a": {"f_a": 1}}, {"a": {"f_a": 1}}),
        (pattern("^f_", depth=1), {"a": {"f_a": {"f_b": 1}}}, {"a": {"a": {"f_b": 1}}}),
        (pattern(r"(\w)_(?<two>\w)", "$<two>$1$$$&"), {"f_a": 1}, {"af$f_a": 1}),
        (pattern("/[aeiou]/i"), {"AbEc": 1}, {"bc": 1}),
        (pattern(r"\p{Lu}", "x"), {"Äb": 1}, {"xb": 1}),
        (pattern("$", "_end"), {"": 1, "a": 2}, {"_end": 1, "a_end": 2}),
        ({**keys(("a", "b")), **pattern("b", "c")}, {"a": 1}, {"c": 1}),
        (pattern("a|b", "c"), {"a": 1, "b": 2}, {"c": 2}),
        (pattern("x", "__proto__"), {"x": 1}, {"__proto__": 1}),
        ({}, {"a": 1}, {"a": 1}),
    ],
)
def test_fields_get_other_names_and_keep_their_places(params: dict[str, Any], row: dict[str, Any], made: Any) -> None:
    found = renamed(params, row)
    assert found == made
    if "c" not in row or "patterns" not in params:
        assert list(found) == list(made)


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        (keys(("f_b", "Id"), clash="fail"), ValueMismatch, "The name 'Id' is taken"),
        (keys(("f_b", "c.x.y")), ValueMismatch, "is a list"),
        (keys(("nowhere", "b"), missing="fail"), ValueMismatch, "no field 'nowhere'"),
        (keys(("a..b", "b")), ParameterInvalid, "empty name"),
        (keys(("Id", "__proto__")), ParameterInvalid, "__proto__"),
        (keys(("", "b")), ParameterInvalid, "at least 1 character"),
        ({**pattern("^._", "", ignoreCase=True), "clash": "replace", "keys": []}, ValueMismatch, ""),
        (pattern("(a"), PatternInvalid, "cannot be read"),
        (pattern("(a+)+$"), PatternInvalid, "takes too long"),
        ({**pattern(".*", "x", depth=0), "clash": "fail"}, ValueMismatch, "The name 'xx' is taken"),
    ],
)
def test_names_that_cannot_be_given_are_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    row = {**ROW, "a" * 60 + "b": 1}
    if not words:
        assert set(renamed(params, row)) == {"Id", "c", "b", "a.b", "a" * 60 + "b"}
        return
    with pytest.raises(error, match=words):
        renamed(params, row)


def test_a_pattern_is_asked_once_for_names_that_many_items_have() -> None:
    rows = [{f"f_{number % 7}": number} for number in range(2_000)]
    found = Bench(SPEC, run).json(pattern("^f_"), items(*rows))
    assert found == [{str(number % 7): number} for number in range(2_000)]


def assigned(params: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    (made,) = Bench(SET, set_run).json(params, items(row))
    return made


def sets(value: Any, type: str = "auto", name: str = "v", **more: Any) -> dict[str, Any]:
    return {"assignments": [{"name": name, "value": value, "type": type}], "keepOtherFields": False, **more}


def as_json(json: Any, **more: Any) -> dict[str, Any]:
    return {"mode": "json", "jsonFields": json, "keepOtherFields": False, **more}


WITH: dict[str, Any] = {"x": 'a "quote"\nline $` \\', "n": 5, "o": {"b": [1]}, "p": {"q": 1, "r": 2}}


@pytest.mark.parametrize(
    ("params", "made"),
    [
        (as_json({"a": "{{ $json.x }}", "b": {"c": "{{ $json.n }}"}}), {"a": WITH["x"], "b": {"c": 5}}),
        (as_json("{{ $json.o }}"), {"b": [1]}),
        (as_json('{"a": {{ $json.n }}, "b": {{ $json.o }}}'), {"a": 5, "b": {"b": [1]}}),
        (as_json('{"a": {{ JSON.stringify($json.x) }}}'), {"a": WITH["x"]}),
        (
            as_json({"Test 2.0": ["Item 1"], "sendungsnr.": "0", "a.b": 1}),
            {"Test 2.0": ["Item 1"], "sendungsnr.": "0", "a.b": 1},
        ),
        (as_json({"n": 6}, keepOtherFields=True, other="only", otherFields="n, p.q"), {"n": 6, "p": {"q": 1}}),
        (sets(1, keepOtherFields=True, other="except", otherFields="x, o, p.q"), {"n": 5, "p": {"r": 2}, "v": 1}),
        (sets(1, keepOtherFields=True, other="only", otherFields="n"), {"n": 5, "v": 1}),
        (sets(1, name="a.b"), {"a": {"b": 1}}),
        (sets(1, name="a.b", dots=False), {"a.b": 1}),
        (sets("[1]", "list"), {"v": [1]}),
        (sets("{{ $json.o }}", "object"), {"v": {"b": [1]}}),
        (sets("abc", "number", keepUnconverted=True), {"v": "abc"}),
        (sets("7", "number", keepUnconverted=True), {"v": 7}),
    ],
)
def test_fields_are_set_as_json_and_beside_chosen_others(params: dict[str, Any], made: dict[str, Any]) -> None:
    assert assigned(params, WITH) == made


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (as_json('{"a": "{{ $json.x }}"}'), "the text is not JSON"),
        (as_json("[" * 100_000 + "]" * 100_000), "nested"),
        (as_json('{"a": 1e400}'), "a"),
        (as_json("{{ [$json] }}"), "is not an object"),
        (as_json("{{ $json.nothing }}"), "null is not an object"),
        (sets("[" * 100_000, "json"), "the text is"),
        (sets("[1]", "object"), r"\[1\] is not an object"),
        (sets('{"a": NaN}', "json"), "the text is"),
    ],
)
def test_what_is_no_json_is_said(params: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueMismatch, match=words):
        assigned(params, WITH)


def test_files_stay_unless_they_are_left_behind() -> None:
    file = {"bucket": "data", "key": "k", "size": 1, "sha256": "a", "mimeType": "text/plain"}
    rows: list[Any] = [{"json": {}, "binary": {"f": file}}]
    assert "binary" in Bench(SET, set_run)({"assignments": []}, rows)["output"]["main"]["items"][0]
    assert (
        "binary" not in Bench(SET, set_run)({"assignments": [], "keepFiles": False}, rows)["output"]["main"]["items"][0]
    )
    assert "binary" in Bench(SPEC, run)(keys(("a", "b")), rows)["output"]["main"]["items"][0]
