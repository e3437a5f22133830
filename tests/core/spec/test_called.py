"""What workflows declare that others call, and how items are made to fit: as a table."""

from typing import Any

import pytest

from stepweave.spec.called import Input, InputsInvalid, fitted, inputs_of


def rows(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"fields": list(fields)}


def test_what_was_saved_before_there_was_more_means_the_same() -> None:
    assert inputs_of({}) == []
    assert inputs_of(rows()) == []
    assert inputs_of(rows({"name": "id"}, {"name": "n", "type": "number", "required": False})) == [
        Input("id"),
        Input("n", "number", required=False),
    ]


def test_an_example_expects_its_fields_with_their_types() -> None:
    example: dict[str, Any] = {
        "id": 7,
        "ok": True,
        "note": None,
        "lines": [],
        "to": {},
        "name": "Ada",
        "__proto__": 1.5,
    }
    found = inputs_of({"declare": "example", "example": example, "fields": [{"name": "hidden"}]})
    assert {one.name: one.type for one in found} == {
        "id": "number",
        "ok": "boolean",
        "note": "any",
        "lines": "list",
        "to": "object",
        "name": "text",
        "__proto__": "number",
    }
    assert all(one.needed for one in found)
    assert inputs_of({"declare": "example", "example": '{"a": 1}'}) == [Input("a", "number")]


def test_a_schema_gives_types_defaults_descriptions_and_what_is_required() -> None:
    schema = {
        "type": "object",
        "required": ["id", "maybe"],
        "properties": {
            "id": {"type": "integer", "description": "The order's"},
            "maybe": {"type": ["string", "null"]},
            "at": {"type": "string", "format": "date-time"},
            "either": {"type": ["string", "number"], "default": 1},
            "refers": {"$ref": "#/$defs/x"},
            "all": True,
        },
    }
    assert inputs_of({"declare": "schema", "jsonSchema": schema}) == [
        Input("id", "number", description="The order's"),
        Input("maybe", "text", required=False),
        Input("at", "date", required=False),
        Input("either", "any", required=False, default=1),
        Input("refers", "any", required=False),
        Input("all", "any", required=False),
    ]


@pytest.mark.parametrize(
    ("params", "field", "words"),
    [
        (rows({"name": "a"}, {"name": "a"}), "fields.1.name", "twice"),
        (rows({"name": ""}), "fields.0.name", "no name"),
        ({"fields": ["a"]}, "fields.0.name", "no name"),
        (rows({"name": "n", "type": "number", "default": "soon"}), "fields.0.default", "not of type number"),
        (rows({"name": "d", "type": "date", "default": "2026-13-45"}), "fields.0.default", "not of type date"),
        ({"declare": "example", "example": [1]}, "example", "no object"),
        ({"declare": "example", "example": "{"}, "example", "the text is"),
        ({"declare": "example"}, "example", "no object"),
        ({"declare": "example", "example": {"": 1}}, "example", "0 characters"),
        ({"declare": "example", "example": {f"f{n}": n for n in range(201)}}, "example", "201 fields"),
        ({"declare": "schema", "jsonSchema": {"type": "object"}}, "jsonSchema", "which fields"),
        ({"declare": "schema", "jsonSchema": {"properties": {}, "required": ["a"]}}, "jsonSchema", "not among"),
        (
            {"declare": "schema", "jsonSchema": {"properties": {"a": {"type": "number", "default": "1"}}}},
            "jsonSchema",
            "the default of 'a'",
        ),
    ],
)
def test_a_declaration_that_makes_no_sense_is_named(params: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InputsInvalid) as raised:
        inputs_of(params)
    assert raised.value.field == field
    assert words in raised.value.message
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("type", "value", "strict", "loose"),
    [
        ("text", "a", "a", "a"),
        ("text", 7, None, "7"),
        ("text", "", "", ""),
        ("text", {"a": 1}, None, '{"a":1}'),
        ("number", 7, 7, 7),
        ("number", "7.5", None, 7.5),
        ("number", True, None, None),
        ("number", "seven", None, None),
        ("number", "9" * 400, None, None),
        ("boolean", False, False, False),
        ("boolean", "false", None, False),
        ("boolean", 1, None, True),
        ("boolean", "yes", None, None),
        ("date", "2026-12-24", "2026-12-24", "2026-12-24"),
        ("date", "24.12.2026", None, None),
        ("date", 1_800_000_000_000, None, 1_800_000_000_000),
        ("list", [1], [1], [1]),
        ("list", "[1]", None, [1]),
        ("list", '{"a": 1}', None, None),
        ("list", "[" * 5000, None, None),
        ("object", '{"__proto__": {"x": 1}}', None, {"__proto__": {"x": 1}}),
        ("object", [], None, None),
        ("any", [None], [None], [None]),
    ],
)
def test_values_are_checked_or_converted(type: Any, value: Any, strict: Any, loose: Any) -> None:
    for convert, expected in ((False, strict), (True, loose)):
        given = {"f": value, "other": 1}
        fields, wrong = fitted([Input("f", type)], given, convert=convert)
        assert (wrong is None) == (expected is not None)
        if wrong is None:
            assert fields == {"f": expected, "other": 1}
            assert type != "boolean" or isinstance(fields["f"], bool)
        else:
            assert wrong.field == "f"
            assert "9999" not in wrong.reason  # a value may be a secret


@pytest.mark.parametrize(
    ("one", "given", "convert", "gets"),
    [
        (Input("f", "number"), {}, False, "is missing"),
        (Input("f", "number"), {"f": None}, False, "is empty"),
        (Input("f", "number"), {"f": " "}, True, "is empty"),
        (Input("f", "number", required=False), {}, False, {}),
        (Input("f", "number", required=False), {"f": None}, False, {"f": None}),
        (Input("f", "number", required=False), {"f": ""}, True, {"f": None}),
        (Input("f", "number", default=3), {}, False, {"f": 3}),
        (Input("f", "number", default=3), {"f": None}, False, {"f": 3}),
        (Input("f", "number", default=0), {"f": ""}, True, {"f": 0}),
        (Input("f", "boolean", default=False), {}, False, {"f": False}),
        (Input("f", "boolean", default=True), {"f": False}, False, {"f": False}),
        (Input("f", "text", default="x"), {"f": ""}, True, {"f": ""}),
    ],
)
def test_what_is_not_given_gets_the_default_or_stays_as_it_was(
    one: Input, given: dict[str, Any], convert: bool, gets: Any
) -> None:
    fields, wrong = fitted([one], given, convert=convert)
    assert (wrong.reason if wrong else fields) == gets


def test_what_fits_is_itself_and_what_came_is_never_changed() -> None:
    given = {"n": "1"}
    assert fitted([Input("n", "text")], given, convert=True)[0] is given
    assert fitted([Input("n", "number")], given, convert=True)[0] == {"n": 1}
    assert given == {"n": "1"}


def test_inputs_come_through_their_json() -> None:
    for one in (Input("a"), Input("b", "number", required=False, default=0, description="d")):
        assert Input.from_json(one.to_json()) == one
