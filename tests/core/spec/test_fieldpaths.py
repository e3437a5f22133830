"""The grammar of paths to fields: what is read, what is set, and what is refused."""

import copy
from typing import Any

import pytest

from stepweave.spec.fieldpaths import MISSING, PathError, field_at, parse_field_path, set_at


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a", ["a"]),
        ("a.b.c", ["a", "b", "c"]),
        ("a[0].b", ["a", "0", "b"]),
        ("a.0.b", ["a", "0", "b"]),
        ("[0][1]", ["0", "1"]),
        ('a["x.y"].b', ["a", "x.y", "b"]),
        ("a['it\\'s']", ["a", "it's"]),
        ('["a]b"]', ["a]b"]),
        (r"a\.b.c", ["a.b", "c"]),
        (r"a\[0\]", ["a[0]"]),
        ("a[b]", ["a", "b"]),
        ("first name.ä", ["first name", "ä"]),
        ("C:\\dir", ["C:\\dir"]),
        ("constructor.prototype", ["constructor", "prototype"]),
        ("a]b", ["a]b"]),
    ],
)
def test_a_path_is_read_as_lodash_reads_it(path: str, names: list[str]) -> None:
    assert [step.name for step in parse_field_path(path)] == names


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "no field is named"),
        ("a..b", "empty name at position 2"),
        (".a", "empty name at position 0"),
        ("a.", "empty name at position 2"),
        ("a.[0]", "empty name at position 2"),
        ("a[]", "empty brackets at position 1"),
        ("a[-1]", r"\[-1\] is no index"),
        ("a[1.5]", r"\[1.5\] is no index"),
        ("a[01]", r"\[01\] is no index"),
        ("a[99999999999999]", r"\[99999999999999\] is no index"),
        ("a[0", "position 1 that is not closed"),
        ("a[0]b", "position 4 without a dot"),
        ("__proto__.x", "names __proto__"),
        ('a["__proto__"]', "names __proto__"),
    ],
)
def test_what_is_no_path_is_refused_with_the_place(path: str, words: str) -> None:
    with pytest.raises(PathError, match=words):
        parse_field_path(path)


DATA: dict[str, Any] = {
    "items": [{"name": "a", "q": 1}, {"name": "b"}],
    "o": {"0": "zero", "p.q": 1, "p": {"q": 2}},
    "x.y": 3,
    "x": {"y": 4},
    "null": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("items[1].name", "b"),
        ("items.1.name", "b"),
        ("items[2].name", MISSING),
        ("items.name", MISSING),
        ("o.0", "zero"),
        ("o[0]", "zero"),
        ("o.p.q", 1),
        ('o["p"].q', 2),
        ("x.y", 3),
        ('["x"].y', 4),
        ("null", None),
        ("null.a", MISSING),
        ("o.p.q.r", MISSING),
        ("constructor", MISSING),
    ],
)
def test_a_field_is_found_where_the_path_leads(path: str, value: Any) -> None:
    assert field_at(DATA, path) is value if value is MISSING else field_at(DATA, path) == value


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({"l": [{"a": 1, "b": 2}, 3]}, "l.0.a", {"l": [{"a": 9, "b": 2}, 3]}),
        ({"l": [{"a": 1, "b": 2}, 3]}, "l[0].a", {"l": [{"a": 9, "b": 2}, 3]}),
        ({"l": [1]}, "l[3]", {"l": [1, None, None, 9]}),
        ({"l": [1, 2]}, "l[1].x", {"l": [1, {"x": 9}]}),
        ({"l": [[1, 2], [3]]}, "l[0][1]", {"l": [[1, 9], [3]]}),
        ({}, "l[0].a", {"l": [{"a": 9}]}),
        ({}, "l.0.a", {"l": [{"a": 9}]}),
        ({}, "a.b", {"a": {"b": 9}}),
        ({"a": None}, "a.b", {"a": {"b": 9}}),
        ({"a": "text"}, "a.b", {"a": {"b": 9}}),
        ({"a": {"0": 1}}, "a[0]", {"a": {"0": 9}}),
        ({"a.b": 1, "a": {"b": 2}}, "a.b", {"a.b": 9, "a": {"b": 2}}),
        ({"a": {"b.c": 1}}, "a.b.c", {"a": {"b.c": 9}}),
        ({}, r"a\.b", {"a.b": 9}),
        ({}, 'a["b.c"]', {"a": {"b.c": 9}}),
        ({}, "constructor.name", {"constructor": {"name": 9}}),
    ],
)
def test_setting_makes_what_is_missing_and_loses_nothing(
    before: dict[str, Any], path: str, after: dict[str, Any]
) -> None:
    kept = copy.deepcopy(before)
    fields = dict(before)
    set_at(fields, path, 9)
    assert fields == after
    assert before == kept


@pytest.mark.parametrize(
    ("before", "path", "words"),
    [
        ({"l": [1]}, "l.name", r"'l' is a list, which has no field 'name'; name an entry, as l\[0\]"),
        ({"a": {"l": [1]}}, "a.l.name.x", "'a.l' is a list"),
        ({"l": [1]}, "l[5000]", "'l' has 1 entries; 5000 is more than 1000 behind its end"),
        ({}, "l[1000]", "'l' has 0 entries"),
    ],
)
def test_what_does_not_fit_the_data_is_refused(before: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(PathError, match=words):
        set_at(dict(before), path, 9)
