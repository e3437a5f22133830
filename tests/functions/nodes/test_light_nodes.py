"""Behaviours that need nothing from outside: set fields, if, no operation, respond to webhook."""

from typing import Any

import pytest

from functions.nodes.data.set_fields.run import run as set_run
from functions.nodes.data.set_fields.spec import SPEC as SET
from functions.nodes.flow.if_.run import run as if_run
from functions.nodes.flow.if_.spec import SPEC as IF
from functions.nodes.flow.no_op.run import run as no_op_run
from functions.nodes.flow.no_op.spec import SPEC as NO_OP
from functions.nodes.flow.respond_to_webhook.errors import FileMissing, ResponseNotAllowed
from functions.nodes.flow.respond_to_webhook.run import run as respond_run
from functions.nodes.flow.respond_to_webhook.spec import SPEC as RESPOND
from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid, PatternInvalid, ValueMismatch
from tests.fakes.steps import Bench, items


def set_fields(assignments: list[dict[str, Any]], given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return Bench(SET, set_run).json({"assignments": assignments, **more}, items(given))[0]


def test_no_operation_passes_items_on() -> None:
    given: list[Item] = [{"json": {"a": 1}, "binary": {"data": {"key": "k"}}}]  # type: ignore[typeddict-item]
    assert Bench(NO_OP, no_op_run)({}, given)["output"]["main"]["items"] == given


def test_fields_are_set_by_path_and_the_input_stays() -> None:
    given: dict[str, Any] = {"customer": {"id": 1}, "text": "x"}
    made = set_fields(
        [
            {"name": "customer.name.first", "value": "Ada"},
            {"name": "text.deep", "value": True},
            {"name": r"a\.b", "value": "{{ $json.customer.id + 1 }}"},
        ],
        given,
    )
    assert made == {"customer": {"id": 1, "name": {"first": "Ada"}}, "text": {"deep": True}, "a.b": 2}
    assert given == {"customer": {"id": 1}, "text": "x"}


def test_a_path_goes_into_lists_and_the_input_stays() -> None:
    given: dict[str, Any] = {"items": [{"name": "a", "q": 1}, {"name": "b"}]}
    made = set_fields([{"name": "items.0.name", "value": "x"}, {"name": "items[1].q", "value": 2}], given)
    assert made == {"items": [{"name": "x", "q": 1}, {"name": "b", "q": 2}]}
    assert given == {"items": [{"name": "a", "q": 1}, {"name": "b"}]}
    assert set_fields([{"name": "new[1]", "value": 1}, {"name": 'o["x.y"]', "value": 2}], {}) == {
        "new": [None, 1],
        "o": {"x.y": 2},
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("items.name", "'items' is a list, which has no field 'name'; name an entry, as items\\[0\\]"),
        ("items[-1]", "is no index of a list"),
        ("items[9999]", "more than 1000 behind its end"),
        ("items..name", "empty name at position 6"),
        ("__proto__.x", "names __proto__"),
    ],
)
def test_a_path_that_does_not_fit_is_refused_and_named(name: str, words: str) -> None:
    with pytest.raises(ValueMismatch, match=words) as caught:
        set_fields([{"name": name, "value": 1}], {"items": [1]})
    assert caught.value.details == {"field": name}


def test_other_fields_can_be_left_out_and_files_stay() -> None:
    given: list[Item] = [{"json": {"a": 1}, "binary": {"data": {"key": "k"}}}]  # type: ignore[typeddict-item]
    params = {"assignments": [{"name": "b", "value": 2}], "keepOtherFields": False}
    assert Bench(SET, set_run)(params, given)["output"]["main"]["items"] == [
        {"json": {"b": 2}, "binary": {"data": {"key": "k"}}}
    ]


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("auto", [1, {"a": None}], [1, {"a": None}]),
        ("text", 5.0, "5"),
        ("text", None, ""),
        ("text", {"ä": 1}, '{"ä":1}'),
        ("number", "12", 12),
        ("number", " -1.5e3 ", -1500.0),
        ("number", True, 1),
        ("number", 7, 7),
        ("boolean", "Yes", True),
        ("boolean", 0, False),
        ("boolean", None, False),
        ("boolean", True, True),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("json", [1], [1]),
    ],
)
def test_values_are_converted(type: str, value: Any, expected: Any) -> None:
    made = set_fields([{"name": "v", "value": value, "type": type}], {})["v"]
    assert made == expected
    assert isinstance(made, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    ("type", "value", "words"),
    [
        ("number", "abc", 'v: "abc" is not a number'),
        ("number", "nan", "not a number"),
        ("number", None, "v: null is not a number"),
        ("boolean", "perhaps", "not true or false"),
        ("boolean", "x" * 200, "… is not true or false"),
        ("json", "{", "v: the text is not JSON"),
    ],
)
def test_a_value_that_cannot_be_converted_is_named(type: str, value: Any, words: str) -> None:
    with pytest.raises(ValueMismatch, match=words):
        set_fields([{"name": "v", "value": value, "type": type}], {})


def split(conditions: list[dict[str, Any]], *given: dict[str, Any], **more: Any) -> tuple[list[Any], list[Any]]:
    bench = Bench(IF, if_run)
    output = bench({"conditions": conditions, **more}, items(*given))["output"]

    def of(port: str) -> list[Any]:
        return [entry["json"] for entry in output[port]["items"]] if port in output else []

    return of("true"), of("false")


OVER_100 = {"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 100}
NAMED = {"left": "{{ $json.name }}", "type": "text", "operator": "isNotEmpty"}


def test_items_go_both_ways() -> None:
    assert split([OVER_100], {"n": 150}, {"n": 50}, {}) == ([{"n": 150}], [{"n": 50}, {}])


def test_a_way_that_no_item_takes_is_dead() -> None:
    output = Bench(IF, if_run)({"conditions": [OVER_100]}, items({"n": 150}))["output"]
    assert list(output) == ["true"]


def test_conditions_are_combined() -> None:
    both, one = {"n": 150, "name": "a"}, {"n": 150, "name": ""}
    assert split([OVER_100, NAMED], both, one) == ([both], [one])
    assert split([OVER_100, NAMED], both, one, {}, combine="or") == ([both, one], [{}])


def test_upper_and_lower_case_can_be_ignored() -> None:
    condition = {"left": "{{ $json.s }}", "type": "text", "operator": "equals", "right": "OPEN"}
    assert split([condition], {"s": "open"}, ignoreCase=True)[0] == [{"s": "open"}]


def test_a_value_of_another_type_names_the_condition() -> None:
    with pytest.raises(ValueMismatch, match='"many" is not a number') as caught:
        split([NAMED, OVER_100], {"n": "many", "name": "x"})
    assert caught.value.details["field"] == "params.conditions.1"


def test_a_pattern_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(PatternInvalid):
        split([{"left": "a", "type": "text", "operator": "matches", "right": "["}], {})


def test_an_if_without_conditions_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="Conditions"):
        split([], {})


def respond(params: dict[str, Any], *given: dict[str, Any]) -> Any:
    bench = Bench(RESPOND, respond_run)
    result = bench(params, items(*given))
    assert bench.outside.of("execution.response")[0]["response"] == result["response"]
    assert result["output"]["main"]["count"] == len(given)
    return result["response"]


def with_file(**more: Any) -> list[Item]:
    ref: Any = {"bucket": "b", "key": "t/x/y/1-file-0", "size": 3, "sha256": "0", "mimeType": "image/png", **more}
    return [{"json": {}, "binary": {"photo": ref}}]


def test_a_file_is_the_answer_with_its_type_and_name() -> None:
    bench = Bench(RESPOND, respond_run)
    given = with_file(fileName='Ü"\r\n.png')
    answer = bench({"bodyKind": "file", "fileName": "photo"}, given)["response"]
    assert (answer["statusCode"], answer["body"], answer["file"]) == (200, None, given[0]["binary"]["photo"])
    assert answer["headers"] == {
        "content-type": "image/png",
        "content-disposition": "inline; filename=\"____.png\"; filename*=UTF-8''%C3%9C___.png",
    }
    named = [{"name": "Content-Type", "value": "image/x"}]
    assert (
        bench({"bodyKind": "file", "fileName": "photo", "headers": named}, given)["response"]["headers"]["content-type"]
        == "image/x"
    )


@pytest.mark.parametrize("given", [[], [{"json": {}}], with_file()])
def test_a_file_that_is_not_there_is_missing(given: list[Item]) -> None:
    with pytest.raises(FileMissing):
        Bench(RESPOND, respond_run)({"bodyKind": "file", "fileName": "data"}, given)


@pytest.mark.parametrize(
    ("url", "status", "location", "given"),
    [
        ("https://shop.example/a?b=1#c", 302, "https://shop.example/a?b=1#c", 200),
        ("/danke/ü", 308, "/danke/%C3%BC", 308),
        ("{{ $json.url }}", 302, "http://x.example/", 404),
    ],
)
def test_a_redirect_leads_somewhere(url: str, status: int, location: str, given: int) -> None:
    answer = respond({"bodyKind": "redirect", "redirectUrl": url, "statusCode": given}, {"url": "http://x.example/"})
    assert (answer["statusCode"], answer["headers"]["location"], answer["body"]) == (status, location, None)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "", "https://", "x\r\ny"])
def test_a_redirect_leads_to_the_web_alone(url: str) -> None:
    with pytest.raises(ResponseNotAllowed):
        respond({"bodyKind": "redirect", "redirectUrl": url}, {})


JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    ("params", "body", "headers"),
    [
        ({}, {"n": 1}, JSON),
        ({"bodyKind": "allItems"}, [{"n": 1}, {"n": 2}], JSON),
        ({"bodyKind": "json", "jsonBody": {"sum": "{{ $json.n + 1 }}"}}, {"sum": 2}, JSON),
        ({"bodyKind": "json", "jsonBody": '{"first": {{ $json.n }}}'}, {"first": 1}, JSON),
        ({"bodyKind": "json", "jsonBody": "{{ $input.all().length }}"}, 2, JSON),
        (
            {"bodyKind": "text", "textBody": "n={{ $json.n }}", "contentType": "text/csv"},
            "n=1",
            {"content-type": "text/csv"},
        ),
        ({"bodyKind": "none", "statusCode": 204}, None, {}),
    ],
)
def test_an_answer_has_the_body_asked_for(params: dict[str, Any], body: Any, headers: dict[str, str]) -> None:
    answer = respond(params, {"n": 1}, {"n": 2})
    assert answer == {"statusCode": params.get("statusCode", 200), "headers": headers, "body": body}


def test_own_headers_come_before_ours() -> None:
    headers = [{"name": "Content-Type", "value": "application/hal+json"}, {"name": "X-Order", "value": "7"}]
    assert respond({"headers": headers, "statusCode": "{{ 200 + 1 }}"}, {"n": 1}) == {
        "statusCode": 201,
        "headers": {"content-type": "application/hal+json", "x-order": "7"},
        "body": {"n": 1},
    }


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Content-Length", "1", "set by the server"),
        ("bad name", "1", "not a header's name"),
        ("x-a", "1\r\nset-cookie: a=b", "line break"),
    ],
)
def test_headers_that_http_forbids_are_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(ResponseNotAllowed, match=words):
        respond({"headers": [{"name": name, "value": value}]}, {"n": 1})


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="not JSON"):
        respond({"bodyKind": "json", "jsonBody": "{"}, {"n": 1})


def test_a_status_that_is_none_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="Status"):
        respond({"statusCode": "{{ 99 }}"}, {"n": 1})
