"""Forms before a run: what each type takes, what is refused with the field and what to write."""

from typing import Any

import pytest

from stepweave.spec.inputs import InputField, fields_of, read_inputs

FIELDS = [
    InputField("name", "text", "Name", required=True),
    InputField("count", "number", "Count", default="2"),
    InputField("sure", "boolean", "Sure"),
    InputField("due", "date", "Due"),
    InputField("size", "choice", "Size", options=("S", "M")),
    InputField("more", "json", "More", default="[1]"),
]


def test_what_is_left_out_has_its_default_else_null() -> None:
    values, problems = read_inputs(FIELDS, {"name": "n", "sure": None, "due": ""})
    assert values == {"name": "n", "count": 2, "sure": None, "due": None, "size": None, "more": [1]}
    assert problems == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 0),
        ("count", -1.5),
        ("count", 2**70),
        ("sure", False),
        ("due", "2026-12-24"),
        ("due", "2026-12-24T09:00"),
        ("due", "2026-12-24T09:00:00Z"),
        ("size", "M"),
        ("more", {"__proto__": {"a": 1}}),
        ("more", 0),
        ("name", "{{ $json.x }}"),
    ],
)
def test_a_value_of_its_type_is_taken_as_it_is(name: str, value: Any) -> None:
    values, problems = read_inputs(FIELDS, {"name": "n", name: value})
    assert (values[name], problems) == (value, [])


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "name", "'Name' is missing. Fill it in."),
        ({"name": ""}, "name", "missing"),
        ({"name": 7}, "name", "is no text: 7"),
        ({"name": ["a"]}, "name", "is no text: list"),
        ({"name": "n" * 100_001}, "name", "100000 are the most"),
        ({"count": "2"}, "count", "is no number: '2'. Write one such as 12.5."),
        ({"count": True}, "count", "is no number: True"),
        ({"count": float("inf")}, "count", "is no number: inf"),
        ({"count": float("nan")}, "count", "is no number: nan"),
        ({"sure": "true"}, "sure", "neither true nor false: 'true'"),
        ({"sure": 1}, "sure", "neither true nor false"),
        ({"due": "24.12.2026"}, "due", "is no date"),
        ({"due": "2026-02-30"}, "due", "is no date"),
        ({"due": 20261224}, "due", "is no date"),
        ({"size": "XL"}, "size", "none of the choices: 'XL'. Choose one of 'S', 'M'."),
        ({"size": {"a": 1}}, "size", "none of the choices: dict"),
        ({"other": 1}, "other", "no field 'other'"),
        ({"__proto__": {}}, "__proto__", "no field '__proto__'"),
    ],
)
def test_what_does_not_fit_is_told_by_field(given: dict[str, Any], field: str, says: str) -> None:
    _, problems = read_inputs(FIELDS, {"name": "n", **given} if given and "name" not in given else given)
    assert [one.field for one in problems] == [field]
    assert says in problems[0].message


@pytest.mark.parametrize(
    ("type", "default", "says"),
    [("number", "two", "no number"), ("boolean", "yes", "neither"), ("date", "soon", "no date")],
)
def test_a_default_that_is_not_of_its_type_is_told_too(type: Any, default: str, says: str) -> None:
    _, [problem] = read_inputs([InputField("x", type, default=default)], {})
    assert says in problem.message


def test_fields_come_of_the_parameters_and_rows_without_sense_are_passed_over() -> None:
    rows = [{"name": "a", "type": "choice", "options": " S \n\nM"}, {"name": 7}, "x", {"name": "b", "required": True}]
    first, second = fields_of({"fields": rows})
    assert (first.options, first.label, first.required) == (("S", "M"), "a", False)
    assert (second.type, second.required) == ("text", True)
    assert fields_of({}) == []
