"""The validate node: what fits, what is said of what does not, and schemas that attack."""

from typing import Any

import pytest

from functions.nodes.flow.validate.run import run
from functions.nodes.flow.validate.spec import SPEC
from stepweave.runtime.schemas import SchemaInvalid
from tests.fakes.steps import Bench, items

NODE = Bench(SPEC, run)
D7 = "http://json-schema.org/draft-07/schema#"


def errors(schema: Any, data: Any, **more: Any) -> list[dict[str, Any]]:
    params = {"jsonSchema": schema, "data": "{{ $json.d }}", **more}
    output = NODE(params, items({"d": data}))["output"]
    return output["invalid"]["items"][0]["json"]["errors"] if "invalid" in output else []


@pytest.mark.parametrize(
    ("schema", "fits", "wrong", "keyword"),
    [
        ({"type": "integer"}, 1, 1.5, "type"),
        ({"type": "number"}, 1, True, "type"),
        ({"prefixItems": [{"type": "string"}], "items": False}, ["a"], ["a", 1], "items"),
        ({"$schema": D7, "items": [{"type": "string"}], "additionalItems": False}, ["a"], ["a", 1], "additionalItems"),
        ({"format": "date-time"}, "2026-12-24T18:00:00Z", "2026-13-24T18:00:00Z", "format"),
        ({"format": "uuid"}, "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003", "9a6f", "format"),
        ({"pattern": "^\\p{L}+$"}, "äb", "a1", "pattern"),
        ({"multipleOf": 0.01}, 19.99, 19.995, "multipleOf"),
        ({"maxLength": 1}, "🎉", "🎉🎉", "maxLength"),
        ({"const": 1.0}, 1, "1", "const"),
        ({"uniqueItems": True}, [1, "1"], [1, 1.0], "uniqueItems"),
        (
            {"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]},
            {"a": 1},
            {"b": 1},
            "unevaluatedProperties",
        ),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, None, 5, "type"),
        ({"propertyNames": {"not": {"const": "__proto__"}}}, {"a": 1}, {"__proto__": 1}, "not"),
        (False, None, 1, "false"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_fits_and_what_does_not(schema: Any, fits: Any, wrong: Any, keyword: str) -> None:
    if fits is not None:
        assert errors(schema, fits) == []
    found = errors(schema, wrong)
    assert keyword in {error["keyword"] for error in found}


def test_an_error_says_where_and_what() -> None:
    schema = {"properties": {"lines": {"items": {"properties": {"a/b": {"type": "number"}}}}}}
    assert errors(schema, {"lines": [{}, {"a/b": "x"}]}) == [
        {
            "path": 'lines[1]["a/b"]',
            "pointer": "/lines/1/a~1b",
            "keyword": "type",
            "message": '"x" is not of type "number"',
        }
    ]
    assert len(errors({"items": {"type": "null"}}, list(range(500)), mostErrors=7)) == 7
    assert len(errors({"type": "null"}, "x" * 10_000)[0]["message"]) == 501


def test_items_go_on_unchanged_and_the_schema_may_be_text() -> None:
    output = NODE({"jsonSchema": '{"required": ["a"]}'}, items({"a": 1}, {"b": 2}))["output"]
    assert output["valid"]["items"] == [{"json": {"a": 1}}]
    assert output["invalid"]["items"][0]["json"]["b"] == 2
    each = {"jsonSchema": '{"required": ["{{ $json.k }}"]}', "outputField": "e"}
    assert NODE(each, items({"k": "k"}, {"k": "z"}))["output"]["valid"]["count"] == 1


def test_the_draft_and_formats_can_be_chosen() -> None:
    tuple_schema = {"items": [{"type": "string"}]}
    assert errors(tuple_schema, [1], draft="draft-07")
    with pytest.raises(SchemaInvalid):
        errors(tuple_schema, [1], draft="2020-12")
    assert errors({"format": "email"}, "no") != []
    assert errors({"format": "email"}, "no", formats=False) == []


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "nope"}, "cannot be used at /type"),
        ({"$ref": "http://127.0.0.1:1/x"}, "is another document"),
        ({"$ref": "file:///etc/passwd"}, "is another document"),
        ({"$ref": "#/$defs/none"}, "cannot be used"),
        ({"$schema": "http://127.0.0.1:1/meta"}, "cannot be used"),
        ({"properties": {"a": {"pattern": "(?=a)b"}}}, 'is not a "regex"'),
        ({"pattern": "(((a{1,1000}){1,1000}){1,1000})"}, 'is not a "regex"'),
        ({"pattern": "("}, 'is not a "regex"'),
        ({"minLength": -1}, "cannot be used at /minLength"),
        ("{", "it is no JSON"),
        ("[]", "it is no object"),
        (5, "it is no object"),
        ("[" * 100_000, "it is no JSON"),
        ({"description": "x" * 1_000_001}, "more than 1,000,000 characters"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_schema_that_cannot_be_used_is_refused(schema: Any, words: str) -> None:
    with pytest.raises(SchemaInvalid) as caught:
        errors(schema, 1)
    assert words in caught.value.message
    assert len(caught.value.message) < 500


def test_references_that_multiply_or_go_in_circles_end() -> None:
    steps = {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
    with pytest.raises(SchemaInvalid, match="its references multiply without end"):
        errors({"$ref": "#/$defs/a0", "$defs": {**steps, "a40": {"type": "null"}}}, 1)
    assert errors({"$ref": "#"}, 1) == []
    assert errors({"anyOf": [{"$ref": "#"}, {"type": "null"}]}, None) == []
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}}
    deep: Any = {}
    for _ in range(150):
        deep = {"next": deep}
    assert errors(tree, deep) == []


@pytest.mark.parametrize(
    "data", [10**400, -(10**400), 1e308, "\ud800", {"\udc00": 1}, [[]] * 1000, None, "", "a" * 20_000 + "!"]
)
def test_odd_data_is_checked_too(data: Any) -> None:
    assert errors({"pattern": "(a+)+$", "not": {"const": 5}}, data) in ([], errors({"pattern": "(a+)+$"}, data))
