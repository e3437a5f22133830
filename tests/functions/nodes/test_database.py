"""The database node against a real Postgres."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.nodes.databases.database.run import run
from functions.nodes.databases.database.spec import SPEC
from local.settings import LocalSettings
from local.stack.ports import free_port
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing, DataTooLarge, NodeError, NodeTimeout, ParameterInvalid
from stepweave.runtime.network import AddressForbidden
from tests.fakes.steps import Bench, items


@pytest.fixture(scope="module")
def dsn(postgres_server: LocalSettings) -> str:
    return postgres_server.postgres_url


@pytest.fixture
def table(dsn: str) -> Iterator[None]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS orders")
        connection.execute(
            "CREATE TABLE orders (id int PRIMARY KEY, customer text NOT NULL, amount numeric, tags text[], extra jsonb)"
        )
    yield
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE orders")


@pytest.fixture
def node(dsn: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    bench.outside.credentials["pg", "postgres"] = {"dsn": dsn}
    return bench


def query(text: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"credential": "pg", "query": text, "values": [{"value": value} for value in values], **more}


def insert(**more: Any) -> dict[str, Any]:
    return {"credential": "pg", "operation": "insert", "table": "orders", **more}


ONE = items({})


def rows(dsn: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT id, customer FROM orders ORDER BY id").fetchall()


def test_a_query_runs_for_each_item_with_bound_values(node: Bench) -> None:
    params = query("SELECT $1::text || '!' AS text, $2::int * 2 AS n", "{{ $json.name }}", "{{ $json.n }}")
    assert node.json(params, items({"name": "Ada", "n": 1}, {"name": "Bob", "n": 2})) == [
        {"text": "Ada!", "n": 2},
        {"text": "Bob!", "n": 4},
    ]


@pytest.mark.parametrize("hostile", ["'; DROP TABLE orders; --", "$1", "%s {{ x }}", "\\", 'a"b', "ü\n\t"])
def test_no_value_changes_a_statement(node: Bench, table: None, dsn: str, hostile: str) -> None:
    assert node.json(query("SELECT $1::text AS v", "{{ $json.v }}"), items({"v": hostile})) == [{"v": hostile}]
    node(insert(), items({"id": 1, "customer": hostile}))
    assert rows(dsn) == [(1, hostile)]


def test_expressions_in_the_sql_itself_are_not_evaluated(node: Bench) -> None:
    with pytest.raises(DatabaseError, match="42601: syntax error"):
        node(query("SELECT {{ $json.v }}"), items({"v": 1}))


def test_a_query_that_finds_nothing_gives_nothing(node: Bench, table: None) -> None:
    assert node(query("SELECT * FROM orders"), ONE)["output"] == {}


def test_a_statement_without_rows_tells_how_many_it_changed(node: Bench, table: None) -> None:
    node(insert(), items({"id": 1, "customer": "a"}, {"id": 2, "customer": "b"}))
    assert node.json(query("DELETE FROM orders"), ONE) == [{"affected": 2}]


def test_the_items_fields_are_the_columns(node: Bench, table: None) -> None:
    given = items({"id": 1, "customer": "Zoë", "amount": 10.25, "tags": ["a", "b"], "extra": [1, {"x": None}]})
    assert node.json(insert(), given) == [
        {"id": 1, "customer": "Zoë", "amount": 10.25, "tags": ["a", "b"], "extra": [1, {"x": None}]}
    ]


def test_columns_can_be_named_and_cast_by_the_server(node: Bench, table: None) -> None:
    columns = [
        {"name": "id", "value": "{{ $json.order }}"},
        {"name": "customer", "value": 5},
        {"name": "amount", "value": "12.50"},
        {"name": "extra", "value": {"a": "{{ $json.order }}"}},
    ]
    [row] = node.json(insert(columns=columns), items({"order": "7"}))
    assert (row["id"], row["customer"], row["amount"], row["extra"]) == (7, "5", 12.5, {"a": "7"})


def test_names_are_quoted(node: Bench, table: None, dsn: str) -> None:
    with pytest.raises(DatabaseError, match=r"42703.*does not exist"):
        node(insert(), items({"id": 1, "customer": "a", 'x") VALUES (1); DROP TABLE orders; --': 1}))
    with pytest.raises(DatabaseError, match="42P01"):
        node(insert(table='orders"; DROP TABLE orders; --'), items({"id": 1}))
    assert rows(dsn) == []
    assert node.json(insert(table='public."orders"'), items({"id": 1, "customer": "a"}))[0]["id"] == 1


def test_rows_that_are_there_already_can_be_left(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "first"}))
    with pytest.raises(DatabaseError, match="23505: duplicate key") as caught:
        node(insert(), items({"id": 2, "customer": "new"}, {"id": 1, "customer": "second"}))
    assert caught.value.details["sqlstate"] == "23505"
    assert caught.value.details["constraint"] == "orders_pkey"
    assert caught.value.item == 1
    assert rows(dsn) == [(1, "first")]
    assert node(insert(onConflict="skip"), items({"id": 1, "customer": "second"}))["output"] == {}


def test_rows_are_updated_where_they_match(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a"}, {"id": 2, "customer": "b"}))
    params = {
        "credential": "pg",
        "operation": "update",
        "table": "orders",
        "match": [{"name": "id", "value": "{{ $json.id }}"}],
    }
    assert node.json(params, items({"id": 2, "customer": "new"}))[0]["customer"] == "new"
    assert rows(dsn) == [(1, "a"), (2, "new")]
    named = {**params, "columns": [{"name": "customer", "value": "x"}]}
    node(named, items({"id": 1}))
    assert rows(dsn) == [(1, "x"), (2, "new")]


@pytest.mark.parametrize(
    ("params", "given", "words"),
    [
        ({"query": "  "}, {}, "SQL: nothing is given"),
        ({"operation": "insert"}, {"a": 1}, "Table: nothing"),
        ({"operation": "insert", "table": "orders"}, {}, "Columns: nothing"),
        ({"operation": "update", "table": "orders"}, {"a": 1}, "Where: nothing"),
        ({"operation": "update", "table": "t", "match": [{"name": "a", "value": 1}]}, {"a": 1}, "Columns: nothing"),
    ],
)
def test_what_is_missing_is_named(node: Bench, params: dict[str, Any], given: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        node({"credential": "pg", **params}, items(given))


def test_all_items_or_none(node: Bench, table: None, dsn: str) -> None:
    given = items({"id": 1, "customer": "a"}, {"id": 2, "customer": None})
    with pytest.raises(DatabaseError, match="23502: null value") as caught:
        node(insert(), given)
    assert "breaks a rule" in caught.value.remedy
    assert rows(dsn) == []


def test_each_item_on_its_own(node: Bench, table: None, dsn: str) -> None:
    given = items({"id": 1, "customer": "a"}, {"id": 2, "customer": None}, {"id": 3, "customer": "c"})
    output = node(insert(transaction="item"), given, settings={"onError": "branch"})["output"]
    assert (output["main"]["count"], output["error"]["count"]) == (2, 1)
    assert rows(dsn) == [(1, "a"), (3, "c")]


def test_a_rule_checked_at_the_end_is_an_error_too(node: Bench, table: None, dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("ALTER TABLE orders ADD UNIQUE (customer) DEFERRABLE INITIALLY DEFERRED")
    with pytest.raises(DatabaseError, match="23505"):
        node(insert(), items({"id": 1, "customer": "a"}, {"id": 2, "customer": "a"}))


def test_several_statements_in_one_are_refused_before_any_runs(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a"}))
    with pytest.raises(DatabaseError, match="multiple commands"):
        node(query("DELETE FROM orders; SELECT 1", transaction="item"), ONE)
    assert rows(dsn) == [(1, "a")]


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("SELEC 1", "42601", "syntax error"),
        ("SELECT * FROM nowhere", "42P01", "does not exist"),
        ("SELECT 1/0", "22012", "division by zero"),
        ("SELECT 'x'::int", "22P02", 'invalid input syntax for type integer: "x"'),
    ],
)
def test_sql_errors_have_their_sqlstate_and_the_servers_words(node: Bench, text: str, state: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words) as caught:
        node(query(text), ONE)
    assert caught.value.details["sqlstate"] == state
    assert caught.value.message.startswith(f"{state}: ")


@pytest.mark.parametrize("value", ["a\x00b", "\ud83d"])
def test_a_value_that_cannot_be_sent_is_an_error(node: Bench, value: str) -> None:
    with pytest.raises(DatabaseError):
        node(query("SELECT $1::text", "{{ $json.v }}"), items({"v": value}))


def test_a_statement_that_takes_too_long_is_cancelled(node: Bench) -> None:
    with pytest.raises(DatabaseTimeout, match="57014"):
        node(query("SELECT pg_sleep(20)", timeoutSeconds=0.2), ONE)


def test_the_steps_own_time_ends_a_statement(node: Bench) -> None:
    with pytest.raises(NodeTimeout):
        node(query("SELECT pg_sleep(20)"), ONE, seconds=0.5)


def test_more_rows_than_a_step_carries_are_refused(node: Bench) -> None:
    with pytest.raises(DataTooLarge, match="100001 rows"):
        node(query("SELECT generate_series(1, 100001)"), ONE)


@pytest.mark.parametrize(
    ("account", "kind", "words"),
    [
        ({"host": "127.0.0.1", "port": free_port(), "user": "a", "database": "b"}, DatabaseUnavailable, "refused"),
        ({"dsn": "postgresql://h/db?sslkey=/etc/passwd"}, CredentialMissing, "sslkey"),
        ({"dsn": "postgresql://u:p@:x/"}, CredentialMissing, "cannot be read|no host|invalid"),
        ({"dsn": "nonsense"}, CredentialMissing, "cannot be read"),
        ({"user": "a"}, CredentialMissing, "names no host"),
    ],
)
def test_a_database_that_cannot_be_reached(
    node: Bench, account: dict[str, Any], kind: type[NodeError], words: str
) -> None:
    node.outside.credentials["pg", "postgres"] = account
    with pytest.raises(kind, match=words):
        node(query("SELECT 1"), ONE)


def test_a_wrong_log_in_is_for_good(node: Bench, dsn: str) -> None:
    settings = psycopg.conninfo.conninfo_to_dict(dsn)
    node.outside.credentials["pg", "postgres"] = {
        "host": settings["host"],
        "port": settings["port"],
        "user": "nobody_here",
        "password": "hunter2",
        "database": settings["dbname"],
        "sslMode": "prefer",
    }
    with pytest.raises(DatabaseError, match='"nobody_here"') as caught:
        node(query("SELECT 1"), ONE)
    assert not caught.value.retryable
    assert "hunter2" not in str(caught.value.to_json())


def test_a_private_database_is_forbidden_on_a_shared_platform(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(query("SELECT 1"), ONE)
    node.outside.credentials["pg", "postgres"] = {"dsn": "host=/var/run/postgresql"}
    with pytest.raises(NodeError):
        node(query("SELECT 1"), ONE)
