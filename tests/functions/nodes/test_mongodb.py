"""The MongoDB node: pymongo as it is, against a server that speaks the wire protocol (`tests.fakes.mongo`)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Binary, Decimal128, Int64, ObjectId

from functions.nodes.databases.mongodb.documents import shown, stored
from functions.nodes.databases.mongodb.options import LOADERS, try_out
from functions.nodes.databases.mongodb.run import run
from functions.nodes.databases.mongodb.spec import SPEC
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.options import options
from tests.fakes.mongo import Mongo, mongo_server
from tests.fakes.steps import TENANT, Bench, items
from tests.functions.nodes.aws import Trigger

Do = Callable[..., list[dict[str, Any]]]
OID = "6565a1f0c2a4b5d6e7f80910"


@pytest.fixture
def mongo() -> Iterator[Mongo]:
    with mongo_server() as made:
        yield made


@pytest.fixture
def bench(mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Bench(SPEC, run)
    made.outside.credentials["c", "mongodb"] = account(mongo)
    return made


@pytest.fixture
def do(bench: Bench) -> Do:
    def done(operation: str, *inputs: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
        given = {"credential": "c", "operation": operation, "collection": "orders", **params}
        return bench.json(given, items(*(inputs or ({},))))

    return done


def account(mongo: Mongo, **more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": mongo.port, "tls": False, "database": "shop", **more}


def failure(bench: Bench, operation: str = "find", **params: Any) -> Any:
    with pytest.raises(NodeError) as caught:
        bench({"credential": "c", "operation": operation, "collection": "orders", **params}, items({}))
    return caught.value.to_json()


@pytest.mark.parametrize(
    ("given", "kept", "plain"),
    [
        ({"$oid": OID}, ObjectId(OID), OID),
        ({"$date": "2026-11-30T09:00:00Z"}, datetime(2026, 11, 30, 9, tzinfo=UTC), "2026-11-30T09:00:00.000Z"),
        ({"$numberDecimal": "19.90"}, Decimal128("19.90"), "19.90"),
        ({"$binary": {"base64": "aGk=", "subType": "00"}}, b"hi", "aGk="),
        (5, 5, 5),
        (0.1, 0.1, 0.1),
        ("ü", "ü", "ü"),
        ([None, True], [None, True], [None, True]),
        ({"$numberLong": "9007199254740993"}, Int64(9007199254740993), "9007199254740993"),
        ({"a": {"$regularExpression": {"pattern": "^a", "options": "i"}}}, None, None),
        ({"$timestamp": {"t": 5, "i": 1}}, None, None),
        ({"$minKey": 1}, None, None),
    ],
)
def test_types_go_both_ways(do: Do, mongo: Mongo, given: Any, kept: Any, plain: Any) -> None:
    do("insert", document={"_id": 1, "v": given})
    if kept is not None:
        there = mongo.client["shop"]["orders"].find_one()["v"]
        assert there == (kept.replace(tzinfo=None) if isinstance(kept, datetime) else kept)
        assert do("find", shape="plain") == [{"_id": 1, "v": plain}]
    [found] = do("find")
    assert found["v"] == given
    do("replace", found, filter={"_id": 1}, document="{{ $json }}")
    assert do("find") == [found]


def test_numbers_keep_their_types_in_canonical_form(do: Do) -> None:
    document = {"_id": {"$numberInt": "1"}, "l": {"$numberLong": "5"}, "d": {"$numberDouble": "5.0"}}
    do("insert", document=document)
    assert do("find", shape="canonical") == [document]
    assert shown({"u": Binary(b"\1" * 16, 4), "f": float("inf")}, "plain") == {
        "u": "01010101-0101-0101-0101-010101010101",
        "f": "inf",
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": {"$oid": "short"}}, "It is no Extended JSON"),
        ({"a": {"$date": "soon"}}, "It is no Extended JSON"),
        ({"a": {"$numberDecimal": "many"}}, "It is no Extended JSON"),
        ({"a": [2**63]}, "more digits"),
    ],
)
def test_what_is_no_extended_json_is_named(value: Any, words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        stored(value, "params.filter")


@pytest.mark.parametrize("text", [OID, "616033733ad60125a0ef578t", "POD Accepted", "2026-11-30T09:00:00Z", "5", "$x"])
def test_text_stays_text_whatever_it_looks_like(do: Do, mongo: Mongo, text: str) -> None:
    """As in n8n-io/n8n#2682, csteinba/node-red-contrib-mongodb4#22."""
    do("insert", {"t": text}, document={"_id": "{{ $json.t }}", "in": [{"t": "{{ $json.t }}"}]})
    assert mongo.client["shop"]["orders"].find_one() == {"_id": text, "in": [{"t": text}]}
    assert len(do("find", {"t": text}, filter={"_id": "{{ $json.t }}"})) == 1


def test_ids_stay_ids_within_lists_and_objects(do: Do, mongo: Mongo) -> None:
    """As in n8n-io/n8n#13022 and #4520."""
    do("insert", document={"_id": 1, "of": [{"order": {"$oid": OID}}]})
    [found] = do("find", filter={"of.order": {"$oid": OID}})
    do("update", found, filter={"_id": 1}, changes={"$set": {"copy": "{{ $json.of }}"}})
    assert mongo.client["shop"]["orders"].find_one()["copy"] == [{"order": ObjectId(OID)}]


def test_documents_are_found_sorted_projected_and_limited(do: Do, mongo: Mongo) -> None:
    mongo.client["shop"]["orders"].insert_many([{"_id": n, "c": "a" if n % 2 else "b", "n": n} for n in range(300)])
    found = do(
        "find", filter={"c": "a", "n": {"$gte": 100}}, sort={"c": 1, "n": -1}, projection={"n": 1, "_id": 0}, limit=3
    )
    assert found == [{"n": 299}, {"n": 297}, {"n": 295}]
    assert len(do("find", limit=250)) == 250  # in several batches
    assert do("find", skip=298, sort={"n": 1})[0]["n"] == 298
    assert do("count", filter={"c": "b"}) == [{"count": 150}]
    assert do("count") == [{"count": 300}]
    assert sorted(one["value"] for one in do("distinct", field="c")) == ["a", "b"]
    pipeline = [{"$group": {"_id": "$c", "sum": {"$sum": "$n"}}}, {"$sort": {"_id": 1}}]
    assert do("aggregate", pipeline=pipeline)[0] == {"_id": "a", "sum": 22500}
    assert len(do("aggregate", pipeline=[{"$match": {}}], limit=5)) == 5


def test_documents_are_updated_replaced_and_deleted(do: Do, mongo: Mongo) -> None:
    mongo.client["shop"]["orders"].insert_many([{"_id": n, "c": "a", "n": n} for n in range(3)])
    increase = {"changes": {"$inc": {"n": 10}}, "filter": {"c": "a"}}
    assert do("update", **increase) == [{"matched": 1, "modified": 1}]
    assert do("update", **increase, many=True) == [{"matched": 3, "modified": 3}]
    made = do("update", filter={"_id": 9}, changes={"$set": {"c": "z"}}, upsert=True)
    assert made == [{"matched": 0, "modified": 0, "upsertedId": 9}]
    assert do("replace", filter={"_id": 9}, document={"new": True}) == [{"matched": 1, "modified": 1}]
    assert do("find", filter={"_id": 9}) == [{"_id": 9, "new": True}]
    assert do("delete", filter={"c": "a"}) == [{"deleted": 1}]
    assert do("delete", filter={}, many=True) == [{"deleted": 3}]


def test_inserts_go_in_one_call_and_each_hears_of_its_own(bench: Bench, mongo: Mongo) -> None:
    rows = items({"_id": 1}, {"_id": 2}, {"_id": 1}, {"_id": {"$oid": "?"}}, {"_id": 3})
    params = {"credential": "c", "operation": "insert", "collection": "orders", "document": "{{ $json }}"}
    output = bench(params, rows, settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("insertedId") for one in found] == [1, 2, None, None, 3]
    assert [one.get("error", {}).get("type") for one in found] == [None, None, "MongoRefused", "ParameterInvalid", None]
    assert found[2]["error"]["details"]["code"] == 11000
    assert mongo.names() == ["insert"]


def test_an_attempt_that_is_repeated_inserts_nothing_twice(do: Do, mongo: Mongo) -> None:
    first = do("insert", {"n": 1}, {"n": 2}, document="{{ $json }}")
    again = do("insert", {"n": 1}, {"n": 2}, document="{{ $json }}")
    assert first == again
    assert mongo.client["shop"]["orders"].count_documents({}) == 2
    assert ObjectId(first[0]["insertedId"]["$oid"]).generation_time == datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("operation", "params", "field"),
    [
        ("find", {"filter": []}, "filter"),
        ("find", {"filter": "text"}, "filter"),
        ("find", {"sort": ["n"]}, "sort"),
        ("find", {"filter": {"$where": "sleep(1000)"}}, "filter"),
        ("count", {"filter": {"$and": [{"$where": "1"}]}}, "filter"),
        ("aggregate", {"pipeline": [{"$project": {"x": {"$function": {"body": "f"}}}}]}, "pipeline"),
        ("aggregate", {"pipeline": {"$match": {}}}, "pipeline"),
        ("update", {"filter": {}, "changes": {"status": "paid"}}, "changes"),
        ("update", {"filter": {}, "changes": {}}, "changes"),
        ("delete", {"many": True}, "filter"),
        ("delete", {"many": True, "filter": "{{ $json.none }}"}, "filter"),
        ("insert", {"document": [1]}, "document"),
        ("distinct", {"field": ""}, "field"),
        ("find", {"collection": "system.users"}, "collection"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_sent(
    bench: Bench, mongo: Mongo, operation: str, params: dict[str, Any], field: str
) -> None:
    told = failure(bench, operation, **params)
    assert (told["type"], told["details"]["field"]) == ("ParameterInvalid", f"params.{field}")
    assert mongo.names() == []


def test_javascript_runs_where_the_node_allows_it(bench: Bench, mongo: Mongo) -> None:
    mongo.answers["find"] = [{"ok": 0.0, "code": 2, "errmsg": "no JavaScript here"}]
    assert failure(bench, filter={"$where": "1"}, allowJavascript=True)["type"] == "MongoRefused"


def test_mongodbs_words_are_told(bench: Bench, mongo: Mongo) -> None:
    mongo.answers["find"] = [
        {"ok": 0.0, "code": 2, "codeName": "BadValue", "errmsg": "unknown operator: $foo"},
        {"ok": 0.0, "code": 50, "codeName": "MaxTimeMSExpired", "errmsg": "operation exceeded time limit"},
        {"ok": 0.0, "code": 13, "codeName": "Unauthorized", "errmsg": "not authorized on shop"},
        *[{}] * 1000,
    ]
    told = failure(bench)
    assert (told["type"], told["message"]) == ("MongoRefused", "MongoDB refuses (2): unknown operator: $foo.")
    assert failure(bench)["type"] == "MongoTimeout"
    assert "Give the user the right" in failure(bench)["remedy"]
    told = failure(bench, seconds=0.2)  # the driver reads again as long as there is time: how it ends is up to that
    assert told["type"] in ("MongoUnavailable", "MongoTimeout")
    mongo.answers = {"insert": [{}, {}, {}]}
    told = failure(bench, "insert", document={"a": 1})
    assert (told["type"], told["retryable"]) == ("MongoUnavailable", True)


def test_a_log_in_is_by_password(bench: Bench, mongo: Mongo) -> None:
    mongo.users["ada"] = "p@ss,word=ü"
    assert "requires authentication" in failure(bench)["message"]
    bench.outside.credentials["c", "mongodb"] = account(mongo, user="ada", password="p@ss,word=ü")
    assert bench.json({"credential": "c", "operation": "count", "collection": "orders"}, items({})) == [{"count": 0}]
    uri = f"mongodb://ada:p%40ss%2Cword%3D%C3%BC@127.0.0.1:{mongo.port}/shop?authSource=admin"
    bench.outside.credentials["c", "mongodb"] = {"uri": uri}
    assert bench.json({"credential": "c", "operation": "count", "collection": "orders"}, items({})) == [{"count": 0}]
    bench.outside.credentials["c", "mongodb"] = account(mongo, user="ada", password="wrong-one")
    told = failure(bench)
    assert (told["type"], told["details"]["code"], "wrong-one" in str(told)) == ("MongoRefused", 18, False)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("mongodb://u:hush@h/?tlsCAFile=/etc/passwd", "not allowed: tlsCAFile"),
        ("mongodb://h/?authMechanism=MONGODB-AWS", "not allowed: authMechanism=MONGODB-AWS"),
        ("mongodb://h/?authMechanism=MONGODB-OIDC&authMechanismProperties=ENVIRONMENT:azure", "not allowed"),
        ("mongodb://h/?proxyHost=p", "not allowed: proxyHost"),
        ("http://h/", "cannot be used"),
        ("mongodb://u:p@ss:hush@h/", "cannot be used"),
        ("mongodb://127.0.0.1:99999/", "cannot be used"),
    ],
)
def test_a_connection_string_that_harms_or_is_wrong_is_refused(bench: Bench, uri: str, words: str) -> None:
    bench.outside.credentials["c", "mongodb"] = {"uri": uri, "database": "shop"}
    told = failure(bench)
    assert (told["type"], words in told["message"], "hush" in str(told)) == ("CredentialMissing", True, False), told


def test_no_address_inside_is_reached_also_where_the_server_names_it(
    bench: Bench, mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.outside.credentials["c", "mongodb"] = {"uri": "mongodb://169.254.169.254/shop"}
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    assert failure(bench)["type"] == "AddressForbidden"
    bench.outside.credentials["c", "mongodb"] = account(mongo)
    assert failure(bench)["type"] == "AddressForbidden"
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with mongo_server() as inside:
        mongo.hosts = [f"localhost:{inside.port}"]
        reached: list[str] = []

        def addresses(host: str, port: int) -> list[str]:
            reached.append(host)
            if host == "localhost":
                raise ParameterInvalid("inside")
            return ["127.0.0.1"]

        monkeypatch.setattr("functions.nodes.databases.mongodb.connection.addresses_of", addresses)
        uri = f"mongodb://127.0.0.1:{mongo.port}/shop?replicaSet=rs0"
        bench.outside.credentials["c", "mongodb"] = {"uri": uri}
        assert failure(bench, seconds=0.3)["type"] == "MongoUnavailable"
        assert ("localhost" in reached, inside.asked) == (True, [])


def test_a_server_that_is_not_there_is_told(bench: Bench, mongo: Mongo) -> None:
    bench.outside.credentials["c", "mongodb"] = account(mongo, port=1)
    told = failure(bench, seconds=0.2)
    assert (told["type"], "refused" in told["message"]) == ("MongoUnavailable", True)
    bench.outside.credentials["c", "mongodb"] = account(mongo, host="no-such-host.invalid")
    assert failure(bench)["type"] == "ConnectionFailed"
    bench.outside.credentials["c", "mongodb"] = {**account(mongo), "database": ""}
    assert "names a database" in failure(bench)["message"]


def test_the_form_offers_collections_and_a_credential_is_tried_out(bench: Bench, mongo: Mongo) -> None:
    mongo.client["shop"]["orders"].insert_one({"a": 1})
    asks = {"options": options(LOADERS), "test": try_out}
    trigger = Trigger(SPEC, asks, {"credential": "c"}, {}, outside=bench.outside)
    given = {"loader": "collections", "search": "", "page": ""}
    assert trigger.ask("options", given)["answer"]["options"] == [{"value": "orders", "label": "orders"}]
    assert trigger.ask("test", {"credential": "c"}) == {"answer": {"message": "The database answers."}}
