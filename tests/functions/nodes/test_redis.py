"""The Redis node against a real Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from functions.nodes.databases.redis import connection
from functions.nodes.databases.redis.commands import ALLOWED
from functions.nodes.databases.redis.run import run
from functions.nodes.databases.redis.spec import SPEC
from functions.nodes.databases.redis.trying import try_out
from stepweave.runtime.errors import NodeError
from tests.fakes.steps import TENANT, Bench, items
from tests.fixtures.certificates import self_signed
from tests.fixtures.redis_server import RedisServer, redis_server, tls_front
from tests.functions.nodes.aws import Trigger

Do = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as made:
        yield made


@pytest.fixture
def client(server: RedisServer) -> Iterator["redis.Redis"]:
    """To look from outside; the database is empty."""
    with redis.Redis(port=server.port) as made:
        made.flushall()
        yield made


@pytest.fixture
def bench(server: RedisServer, client: Any, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Bench(SPEC, run)
    made.outside.credentials["c", "redis"] = {"host": "127.0.0.1", "port": server.port, "tls": False}
    return made


@pytest.fixture
def do(bench: Bench) -> Do:
    def done(operation: str, *inputs: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
        return bench.json({"credential": "c", "operation": operation, **params}, items(*(inputs or ({},))))

    return done


def failure(bench: Bench, **params: Any) -> Any:
    with pytest.raises(NodeError) as caught:
        bench({"credential": "c", **params}, items({}))
    return caught.value.to_json()


@pytest.mark.parametrize(
    ("value", "kept", "back"),
    [
        ("grüße", "grüße".encode(), "grüße"),
        ("5", b"5", "5"),
        (5, b"5", "5"),
        (0.1, b"0.1", "0.1"),
        (True, b"true", "true"),
        ({"a": ["ü"]}, '{"a": ["ü"]}'.encode(), {"a": ["ü"]}),
        ("[no json", b"[no json", "[no json"),
        ('{"n": 12345678901234567890}', b'{"n": 12345678901234567890}', {"n": 12345678901234567890}),
        ("", b"", ""),
        ({"$binary": "/wA="}, b"\xff\x00", {"$binary": "/wA="}),
        (None, b"null", "null"),
        ("\ud800", b"\xef\xbf\xbd", "\ufffd"),
    ],
)
def test_values_go_both_ways(do: Do, client: Any, value: Any, kept: bytes, back: Any) -> None:
    assert do("set", {"v": value}, key="k", value="{{ $json.v }}") == [{"key": "k", "stored": True}]
    assert client.get("k") == kept
    assert do("get", key="k") == [{"key": "k", "value": back, "found": True}]


def test_json_is_read_only_where_that_is_wanted(do: Do) -> None:
    do("set", key="k", value={"a": 1})
    assert do("get", key="k", readJson=False)[0]["value"] == '{"a": 1}'
    assert do("get", key="none") == [{"key": "none", "value": None, "found": False}]


def test_a_value_is_set_only_if_and_for_a_time(do: Do, client: Any) -> None:
    assert do("set", key="k", value=1, only="present")[0]["stored"] is False
    assert do("set", key="k", value=1, only="absent", ttl=0.5)[0]["stored"] is True
    assert do("set", key="k", value=2, only="absent")[0]["stored"] is False
    assert 0 < client.pttl("k") <= 500
    assert do("expire", key="k") == [{"key": "k", "found": True}]
    assert client.ttl("k") == -1
    assert do("expire", key="none", ttl=5) == [{"key": "none", "found": False}]
    assert [one["deleted"] for one in do("delete", {}, {}, key="k")] == [True, False]


def test_increments_are_exact_and_keep_the_end_of_the_first(do: Do, client: Any) -> None:
    assert [one["value"] for one in do("increment", {}, {}, key="n", ttl=100)] == [1, 2]
    client.expire("n", 50)
    assert do("increment", key="n", by=-5, ttl=100)[0]["value"] == -3
    assert client.ttl("n") <= 50
    assert do("increment", key="f", by=0.1)[0]["value"] == 0.1
    assert do("increment", key="f", by=0.2)[0]["value"] == 0.3


def test_keys_are_listed_by_scanning_up_to_the_limit(do: Do, client: Any) -> None:
    client.mset({f"a:{number}": 1 for number in range(50)} | {b"b:\xff": 1})
    assert len(do("keys", pattern="a:*", limit=1000)) == 50
    assert len(do("keys", pattern="a:*", limit=7)) == 7
    assert do("keys", pattern="b:*") == [{"key": {"$binary": "Yjr/"}}]


def test_hashes_lists_and_sets(do: Do, client: Any) -> None:
    fields = {"name": "Ada", "data": [1], "gone": None}
    client.hset("h", "gone", "x")
    assert do("hashSet", key="h", fields=fields, ttl=60) == [{"key": "h", "added": 2}]
    assert 0 < client.ttl("h") <= 60
    assert do("hashGet", key="h") == [{"key": "h", "value": {"name": "Ada", "data": [1]}, "found": True}]
    assert do("hashGet", key="h", names="name, none")[0]["value"] == {"name": "Ada"}
    assert do("hashGet", key="none")[0] == {"key": "none", "value": {}, "found": False}
    assert do("listPush", key="l", value=["a", {"b": 1}, "c"]) == [{"key": "l", "length": 3}]
    assert do("listPush", key="l", value="first", end="left") == [{"key": "l", "length": 4}]
    assert [one["value"] for one in do("listPop", key="l", end="left", count=2)] == ["first", "a"]
    assert [one["value"] for one in do("listPop", key="l", count=10)] == ["c", {"b": 1}]
    assert do("listPop", key="l") == []
    assert do("setAdd", key="s", value=["a", "b", "a"]) == [{"key": "s", "added": 2}]
    assert sorted(one["value"] for one in do("setMembers", key="s")) == ["a", "b"]
    assert len(do("setMembers", key="s", limit=1)) == 1


def test_a_message_reaches_those_who_listen(do: Do, client: Any) -> None:
    with client.pubsub() as listener:
        listener.subscribe("orders")
        listener.get_message(timeout=5)
        assert do("publish", channel="orders", value={"id": 7}) == [{"channel": "orders", "receivers": 1}]
        assert listener.get_message(timeout=5)["data"] == b'{"id": 7}'


@pytest.mark.parametrize(
    ("command", "result"),
    [
        ("zadd scores 5 'Ada L' 7 Bob", 2),
        (["ZADD", "scores", 5, "it's"], 1),
        ("HSET h a 1 b 2", 2),
        ("TYPE none", "none"),
        ("PING", "PONG"),
        ("ZRANGE none 0 -1 WITHSCORES", []),
        ("GET none", None),
    ],
)
def test_a_command_is_sent_as_it_is(do: Do, command: Any, result: Any) -> None:
    assert do("command", command=command) == [{"result": result}]


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL", "flushdb", "CONFIG GET *", "SHUTDOWN", "EVAL 'return 1' 0", "KEYS *", "DEBUG SLEEP 1", "BLPOP l 0",
        "MONITOR", "XREAD BLOCK 0 STREAMS s 0", "ACL WHOAMI", "SCRIPT FLUSH", "MULTI", "SUBSCRIBE c", "SELECT 1",
        "GET 'open", "", [], [5], {"a": 1}, "CONFIG\u2028GET *", ["GET\r\nFLUSHALL"],
    ],
)  # fmt: skip
def test_commands_that_harm_or_wait_are_refused(bench: Bench, client: Any, command: Any) -> None:
    client.set("stays", 1)
    told = failure(bench, operation="command", command=command)
    assert (told["type"], told["details"]["field"]) == ("ParameterInvalid", "params.command")
    assert client.exists("stays")


def test_no_allowed_command_is_one_that_redis_calls_dangerous_or_blocking(client: Any) -> None:
    told = client.execute_command("COMMAND")
    marked = {name.upper() for name, one in told.items() if {"admin", "blocking", "noscript"} & set(one["flags"])}
    assert {name for name in ALLOWED if name in marked} <= {"XREAD"}  # which is refused where it would wait


def test_redis_words_are_told_with_what_to_do(bench: Bench, client: Any) -> None:
    client.rpush("l", 1)
    told = failure(bench, operation="get", key="l")
    assert (told["type"], told["details"]["code"], told["retryable"]) == ("RedisRefused", "WRONGTYPE", False)
    client.set("text", "abc")
    assert "not an integer" in failure(bench, operation="increment", key="text")["message"]
    assert failure(bench, operation="get", key="")["details"]["field"] == "params.key"
    assert failure(bench, operation="hashSet", key="h", fields=[])["details"]["field"] == "params.fields"
    assert failure(bench, operation="listPush", key="l", value=[])["details"]["field"] == "params.value"


def test_an_items_error_is_its_own(bench: Bench, client: Any) -> None:
    client.rpush("b", 1)
    params = {"credential": "c", "operation": "get", "key": "{{ $json.k }}"}
    rows = items({"k": "a"}, {"k": "b"}, {"k": "c"})
    output = bench(params, rows, settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("error", {}).get("type") for one in found] == [None, "RedisRefused", None]


def test_acl_users_databases_and_passwords(bench: Bench, client: Any, server: RedisServer) -> None:
    client.execute_command(
        "ACL", "SETUSER", "ada", "on", ">hush", "~a:*", "+get", "+set", "+select", "+client", "+ping"
    )
    account = {"host": "127.0.0.1", "port": server.port, "tls": False, "user": "ada", "password": "hush"}
    bench.outside.credentials["c", "redis"] = {**account, "database": 3}
    params = {"credential": "c", "operation": "set", "key": "a:1", "value": "x"}
    assert bench.json(params, items({})) == [{"key": "a:1", "stored": True}]
    with redis.Redis(port=server.port, db=3) as other:
        assert other.get("a:1") == b"x"
    assert failure(bench, operation="get", key="b")["details"]["code"] == "NOPERM"
    bench.outside.credentials["c", "redis"] = {**account, "password": "other"}
    told = failure(bench, operation="get", key="a:1")
    assert (told["type"], told["details"]["code"]) == ("RedisRefused", "WRONGPASS")
    assert "other" not in str(told)
    assert "hush" not in str(told)
    bench.outside.credentials["c", "redis"] = {**account, "database": 99}
    assert "DB index is out of range" in failure(bench, operation="get", key="a:1")["message"]


def test_tls_trusts_the_authority_that_is_given_and_the_hosts_name(
    bench: Bench, server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path, "localhost")
    with tls_front(server.port, certificate, key) as port:
        account = {"host": "localhost", "port": port, "tls": True}
        bench.outside.credentials["c", "redis"] = {**account, "certificate": certificate.read_text()}
        params = {"credential": "c", "operation": "set", "key": "k", "value": 1}
        assert bench.json(params, items({}))[0]["stored"] is True
        bench.outside.credentials["c", "redis"] = account
        assert "self-signed" in failure(bench, operation="get", key="k")["message"].replace(" ", "-")
        bench.outside.credentials["c", "redis"] = {
            **account, "host": "127.0.0.1", "certificate": certificate.read_text(),
        }  # fmt: skip
        assert "127.0.0.1" in failure(bench, operation="get", key="k")["message"]
        bench.outside.credentials["c", "redis"] = {**account, "tls": False}  # n8n-io/n8n#10543
        assert "switch TLS on" in failure(bench, operation="get", key="k")["remedy"]
    bench.outside.credentials["c", "redis"] = {"host": "localhost", "port": server.port, "tls": True}  # n8n#15156
    monkeypatch.setattr(connection, "_CONNECT_SECONDS", 0.2)
    told = failure(bench, operation="get", key="k")
    assert (told["type"], "does not speak TLS" in told["remedy"]) == ("RedisUnavailable", True), told


def test_a_server_that_is_not_there_or_inside_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.outside.credentials["c", "redis"] = {"host": "127.0.0.1", "port": 1, "tls": False}
    told = failure(bench, operation="get", key="k")
    assert (told["type"], told["retryable"], "refused" in told["message"]) == ("RedisUnavailable", True, True)
    bench.outside.credentials["c", "redis"] = {"host": "no-such-host.invalid", "tls": False}
    assert failure(bench, operation="get", key="k")["type"] == "ConnectionFailed"
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    bench.outside.credentials["c", "redis"] = {"host": "127.0.0.1", "port": 1, "tls": False}
    assert failure(bench, operation="get", key="k")["type"] == "AddressForbidden"


def test_a_credential_is_tried_out(bench: Bench, server: RedisServer) -> None:
    trigger = Trigger(SPEC, {"test": try_out}, {}, {}, outside=bench.outside)
    assert trigger.ask("test", {"credential": "c"}) == {"answer": {"message": "The server answers."}}
    assert trigger.ask("test", {})["error"]["type"] == "CredentialMissing"
