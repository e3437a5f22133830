"""Items of DynamoDB, against moto's, and batches that it leaves undone."""

import json
import uuid
from typing import Any

import pytest

from functions.nodes.apps.aws import service
from functions.nodes.apps.aws.nodes.dynamodb.attributes import read, written
from functions.nodes.apps.aws.nodes.dynamodb.run import run
from functions.nodes.apps.aws.nodes.dynamodb.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, acting, failure


@pytest.fixture
def bench(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return acting(SPEC, run, moto_endpoint, monkeypatch)


@pytest.fixture
def table(boto: Boto) -> str:
    name = f"t-{uuid.uuid4().hex}"
    boto("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "c", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "c", "AttributeType": "S"},
            {"AttributeName": "n", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def do(bench: Bench, operation: str, table: str, *inputs: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    given = {"credential": "c", "operation": operation, "table": table, **params}
    given |= {"item": "{{ $json }}"} if operation == "put" and "item" not in params else {}
    return bench.json(given, items(*(inputs or ({},))))


@pytest.mark.parametrize(
    ("value", "stored", "back"),
    [
        (1, {"N": "1"}, 1),
        (0.1, {"N": "0.1"}, 0.1),
        (1e300 / 1e200, {"N": "1E+100"}, 1e100),
        ({"$number": "12345678901234567890.5"}, {"N": "12345678901234567890.5"}, "12345678901234567890.5"),
        (9007199254740993, {"N": "9007199254740993"}, "9007199254740993"),
        (True, {"BOOL": True}, True),
        (None, {"NULL": True}, None),
        ("", {"S": ""}, ""),
        ({"$set": ["a", "b", "a"]}, {"SS": ["a", "b"]}, ["a", "b"]),
        ({"$set": [1, {"$number": "2.50"}]}, {"NS": ["1", "2.50"]}, [1, 2.5]),
        ({"$binary": "aGk="}, {"B": b"hi"}, "aGk="),
        ({"a": [{"b": None}]}, {"M": {"a": {"L": [{"M": {"b": {"NULL": True}}}]}}}, {"a": [{"b": None}]}),
        ({"$other": 1}, {"M": {"$other": {"N": "1"}}}, {"$other": 1}),
    ],
)
def test_values_go_both_ways(value: Any, stored: Any, back: Any) -> None:
    assert written(value, "f") == stored
    assert read(stored) == back


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": {"$number": "many"}}, "a is no number"),
        ({"$number": "1" * 39}, "The value is no number of up to 38 digits"),
        ({"a": [{"$set": []}]}, "a[0] is an empty set"),
        ({"a": {"$set": [1, "b"]}}, "a is no set of texts"),
        ({"$binary": "?"}, "The value is no Base64"),
        ([[[]]], ""),
    ],
)
def test_what_cannot_be_stored_is_named(value: Any, words: str) -> None:
    if not words:
        for _ in range(40):
            value = [value]
        words = "is nested more than 32 deep"
    with pytest.raises(ParameterInvalid) as caught:
        written(value, "f")
    assert words in caught.value.message


def test_items_are_put_in_batches_queried_and_deleted(bench: Bench, table: str) -> None:
    rows = [{"c": "a", "n": number, "total": number / 10, "status": "new"} for number in range(60)]
    assert do(bench, "put", table, *rows, {"c": "b", "n": 1}) == [*rows, {"c": "b", "n": 1}]
    query = {"keyCondition": "c = :c AND n >= :n", "values": {"c": "a", ":n": 50}}
    assert [one["n"] for one in do(bench, "query", table, **query)] == list(range(50, 60))
    assert [one["n"] for one in do(bench, "query", table, **query, newestFirst=True, limit=2)] == [59, 58]
    filtered = {"filter": "#status = :s AND #total < :t", "values": {":s": "new", ":t": 0.35}}
    found = do(bench, "scan", table, **filtered, attributes="n, #status")
    assert sorted(one["n"] for one in found) == [0, 1, 2, 3]
    assert set(found[0]) == {"n", "status"}
    gone = do(bench, "delete", table, *rows, key={"c": "{{ $json.c }}", "n": "{{ $json.n }}"})
    assert gone[0] == {"c": "a", "n": 0, "deleted": True}
    assert do(bench, "scan", table) == [{"c": "b", "n": 1}]
    assert do(bench, "get", table, key={"c": "none", "n": 1}) == []


def test_texts_of_digits_and_empty_ones_stay_texts_and_any_name_has_a_place(bench: Bench, table: str) -> None:
    """As in n8n-io/n8n#14625, reimagined/resolve#954, aaronshaf/dynamodb-admin#102."""
    row = {"c": "5", "n": 1, "zip": "01234", "empty_one": "", "hwid.metric": "x", "name": "y"}
    assert do(bench, "put", table, row) == [row]
    names = {"#m": "hwid.metric", "name": "name"}
    found = do(bench, "scan", table, filter="#m = :x", values={":x": "x"}, names=names, attributes="#m, #name, zip")
    assert found == [{"hwid.metric": "x", "name": "y", "zip": "01234"}]
    key = {"c": "5", "n": 1}
    assert do(bench, "get", table, key=key, attributes="#name, empty_one") == [{"name": "y", "empty_one": ""}]
    gone = do(bench, "delete", table, key=key, condition="#m = :x", values={":x": "x"}, names={"#m": "hwid.metric"})
    assert gone == [{**key, "deleted": True}]


def test_of_two_items_with_one_key_the_later_stays(bench: Bench, table: str) -> None:
    assert len(do(bench, "put", table, {"c": "a", "n": 1, "v": 1}, {"c": "a", "n": 1, "v": 2})) == 2
    assert do(bench, "get", table, key={"c": "a", "n": 1}) == [{"c": "a", "n": 1, "v": 2}]


def test_attributes_are_set_by_name_or_by_expression(bench: Bench, table: str) -> None:
    key = {"c": "a", "n": 1}
    do(bench, "put", table, {**key, "status": "new", "note": "x", "a.b": 1, "visits": 1})
    changes = {"status": "paid", "note": None, "a.b": {"$set": ["x"]}}
    assert do(bench, "update", table, key=key, changes=changes) == [
        {**key, "status": "paid", "a.b": ["x"], "visits": 1}
    ]
    expression = {"updateExpression": "ADD visits :one SET #status = :s", "values": {":one": 2, "s": "sent"}}
    [found] = do(bench, "update", table, key=key, **expression)
    assert (found["visits"], found["status"]) == (3, "sent")
    base = {"credential": "c", "operation": "update", "table": table, "key": key}
    assert failure(bench, base)["details"]["field"] == "params.changes"
    assert failure(bench, {**base, **expression, "changes": changes})["details"]["field"] == "params.changes"
    told = failure(bench, {**base, "updateExpression": "SET x = :y", "values": {":z": 1}})
    assert told["message"] == "The expression names :y, which has no value (:z)."


def test_a_condition_that_does_not_hold_changes_nothing_and_shows_the_item(bench: Bench, table: str) -> None:
    do(bench, "put", table, {"c": "a", "n": 1, "v": 1})
    base = {"credential": "c", "table": table, "condition": "v = :v", "values": {":v": 7}}
    put = {**base, "operation": "put", "item": {"c": "a", "n": 1, "v": 9}}
    told = failure(bench, put)
    assert told["type"] == "DynamoConditionFailed"
    assert told["details"]["item"] == {"c": "a", "n": 1, "v": 1}
    for operation in ("update", "delete"):
        told = failure(bench, {**base, "operation": operation, "key": {"c": "a", "n": 1}, "changes": {"v": 2}})
        assert told["type"] == "DynamoConditionFailed", operation
    assert do(bench, "get", table, key={"c": "a", "n": 1}) == [{"c": "a", "n": 1, "v": 1}]


def test_a_condition_that_cannot_be_evaluated_is_its_items_error(bench: Bench, table: str) -> None:
    params = {"credential": "c", "operation": "put", "table": table, "item": "{{ $json }}"}
    rows = items({"c": "a", "n": 1}, {"c": "a", "n": 2, "if": 1}, {"c": "a", "n": 3})
    condition = "{{ $json.if ? $json.no.such.field : '' }}"
    output = bench({**params, "condition": condition}, rows, settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("error", {}).get("type") for one in found] == [None, "ExpressionFailed", None]


def test_dynamodbs_own_json_keeps_all_types(bench: Bench, table: str) -> None:
    whole = {"c": {"S": "a"}, "n": {"N": "1"}, "s": {"NS": ["1", "2"]}, "b": {"B": "aGk="}, "e": {"M": {}}}
    do(bench, "put", table, item=whole, typed=True)
    [found] = do(bench, "get", table, key={"c": {"S": "a"}, "n": {"N": "1"}}, typed=True)
    assert {**found, "s": {"NS": sorted(found["s"]["NS"])}} == whole
    put = {"credential": "c", "operation": "put", "table": table, "typed": True}
    assert failure(bench, {**put, "item": {"c": "a"}})["message"].startswith("c has none of the types B, BOOL")
    assert failure(bench, {**put, "item": {"c": {"N": 5}}})["details"]["path"] == "c.N"
    assert failure(bench, {**put, "item": []})["details"]["field"] == "params.item"


def test_one_wrong_item_of_a_batch_fails_alone(bench: Bench, table: str) -> None:
    params = {"credential": "c", "operation": "put", "table": table, "item": "{{ $json }}"}
    rows = items({"c": "a", "n": 1}, {"c": "a", "n": "text"}, {"c": "a", "n": {"$set": []}}, {"c": "a", "n": 2})
    output = bench(params, rows, settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("error", {}).get("type") for one in found] == [None, "AwsRefused", "ParameterInvalid", None]
    assert len(do(bench, "scan", table)) == 2


def test_what_a_batch_leaves_undone_is_sent_again_and_then_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PAUSES", [0, 0])
    left = {"UnprocessedItems": {"t": [{"PutRequest": {"Item": {"n": {"N": "1"}, "c": {"S": "b"}}}}]}}
    web.otherwise = lambda it: it.answer(200, json.dumps(left).encode())
    bench = Bench(SPEC, run)
    bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
    params = {"credential": "c", "operation": "put", "table": "t", "item": "{{ $json }}"}
    output = bench(params, items({"c": "a", "n": 1}, {"c": "b", "n": 1.0}), settings={"onError": "continue"})["output"]
    found = [one["json"] for one in bench.outside.claims.fetch(output["main"], TENANT)]
    assert [one.get("error", {}).get("type") for one in found] == [None, "HttpRateLimited"]
    assert [len(json.loads(one.body)["RequestItems"]["t"]) for one in web.asked] == [2, 1, 1]
