"""The database node against a real Postgres."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest

from functions.nodes.databases.database.options import try_out
from functions.nodes.databases.database.run import run
from functions.nodes.databases.database.spec import SPEC
from local.settings import LocalSettings
from local.stack.ports import free_port
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing, DataTooLarge, NodeError, NodeTimeout, ParameterInvalid
from stepweave.runtime.network import AddressForbidden
from tests.fakes.asks import AskBench
from tests.fakes.steps import TENANT, Bench, items


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
        (
            {"host": "127.0.0.1", "sslMode": "verify-full", "ca": "nonsense"},
            CredentialMissing,
            "certificate of the auth",
        ),
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
    node.outside.credentials["pg", "postgres"]["sslMode"] = "verify-full"
    with pytest.raises(NodeError, match="does not support SSL"):  # and does not go on without it
        node(query("SELECT 1"), ONE)


def test_a_private_database_is_forbidden_on_a_shared_platform(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(query("SELECT 1"), ONE)
    node.outside.credentials["pg", "postgres"] = {"dsn": "host=/var/run/postgresql"}
    with pytest.raises(NodeError):
        node(query("SELECT 1"), ONE)


def upsert(**more: Any) -> dict[str, Any]:
    return insert(operation="upsert", keys="id", **more)


def test_rows_are_inserted_or_updated(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a", "amount": 1}))
    given = items({"id": 1, "customer": "b", "amount": 2}, {"id": 2, "customer": "c", "amount": 3})
    made = node.json(upsert(updates="amount"), given)
    assert [(row["id"], row["customer"], row["amount"]) for row in made] == [(1, "a", 2), (2, "c", 3)]
    made = node.json(upsert(), items({"id": 1, "customer": "z"}))
    assert [(row["customer"], row["amount"]) for row in made] == [("z", 2)]


def test_the_same_row_twice_in_a_batch_is_updated_twice(node: Bench, table: None, dsn: str) -> None:
    made = node.json(upsert(), items(*({"id": 1, "customer": name} for name in "abc")))
    assert [row["customer"] for row in made] == ["a", "b", "c"]
    assert rows(dsn) == [(1, "c")]


@pytest.mark.parametrize("key", [0, False, "", "0"])
def test_any_value_tells_rows_apart(node: Bench, dsn: str, key: Any) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (id text PRIMARY KEY, n int)")
    params = upsert(table="keyed")
    assert [node.json(params, items({"id": key, "n": n}))[0]["n"] for n in (1, 2)] == [1, 2]
    with pytest.raises(DatabaseError, match="23502"):
        node(params, items({"id": None, "n": 1}))
    with psycopg.connect(dsn) as connection:
        assert connection.execute("DELETE FROM keyed RETURNING n").fetchall() == [(2,)]
        connection.execute("DROP TABLE keyed")


@pytest.mark.parametrize(
    ("params", "kind", "words"),
    [
        (upsert(), DatabaseError, "42P10"),
        (insert(operation="upsert"), ParameterInvalid, "Columns that tell rows apart: nothing"),
        (insert(operation="upsert", keys="customer, nothing"), ParameterInvalid, "nothing is none of the columns"),
    ],
)
def test_an_upsert_needs_columns_that_tell_rows_apart(
    node: Bench, table: None, dsn: str, params: dict[str, Any], kind: type[NodeError], words: str
) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
    with pytest.raises(kind, match=words):
        node(params, items({"id": 1, "customer": "a"}))


def test_rows_are_deleted_where_they_match(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a"}, {"id": 2, "customer": "b", "amount": 5}))
    delete = insert(operation="delete", match=[{"name": "amount", "value": None}])
    assert [row["id"] for row in node.json(delete, ONE)] == [1]
    with pytest.raises(ParameterInvalid, match="Where: nothing"):
        node(insert(operation="delete"), ONE)
    assert rows(dsn) == [(2, "b")]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_rows_in_batches_come_from_their_items(node: Bench, table: None, size: int) -> None:
    given = items(*({"id": n, "customer": f"c{n}", **({"amount": n} if n % 3 else {})} for n in range(7)))
    for one, item in enumerate(given):
        item["origin"] = {"start": [one]}
    output = node(insert(batchSize=size), given)["output"]["main"]
    found = node.outside.claims.fetch(output, TENANT)
    assert [(one["json"]["id"], one["json"]["amount"]) for one in found] == [
        (n, n if n % 3 else None) for n in range(7)
    ]
    assert [one["origin"] for one in found] == [item["origin"] for item in given]


def test_rows_that_are_left_give_nothing_and_the_others_come_from_their_items(node: Bench, table: None) -> None:
    node(insert(), items({"id": 2, "customer": "b"}))
    given = items(*({"id": n, "customer": "x"} for n in (1, 2, 3)))
    for one, item in enumerate(given):
        item["origin"] = {"start": [one]}
    output = node(insert(onConflict="skip"), given)["output"]["main"]
    found = node.outside.claims.fetch(output, TENANT)
    assert [(one["json"]["id"], one["origin"]) for one in found] == [(1, {"start": [0]}), (3, {"start": [2]})]


def test_more_values_than_a_statement_takes_go_in_several(node: Bench, dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(f"CREATE TABLE wide ({', '.join(f'c{n} int' for n in range(100))})")
    given = items(*({f"c{n}": n for n in range(100)} for _ in range(700)))
    assert len(node.json(insert(table="wide"), given)) == 700
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*), sum(c99) FROM wide").fetchone() == (700, 69300)
        connection.execute("DROP TABLE wide")


@pytest.mark.parametrize(("transaction", "kept"), [("all", ""), ("batch", "abc"), ("item", "abcef")])
def test_what_an_error_undoes(node: Bench, table: None, dsn: str, transaction: str, kept: str) -> None:
    given = items(*({"id": n, "customer": name} for n, name in enumerate(("a", "b", "c", None, "e", "f"))))
    settings = {"onError": "branch"}
    output = node(insert(transaction=transaction, batchSize=3), given, settings=settings)["output"]
    assert "".join(name for _, name in rows(dsn)) == kept
    failed = node.outside.claims.fetch(output["error"], TENANT)
    assert len(failed) == 6 - len(kept)
    if transaction == "batch":
        words = [one["json"]["error"]["message"] for one in failed]
        assert [one.startswith("The batch was undone, for its item 3 failed: 23502") for one in words] == [
            False,
            True,
            True,
        ]


def test_a_models_sql_only_reads(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a"}))
    read = {
        "credential": "pg",
        "operation": "read",
        "statement": "{{ $json.sql }}",
        "values": [{"value": "{{ $json.v }}"}],
    }
    given = items({"sql": "SELECT customer FROM orders WHERE id = $1", "v": 1})
    for transaction in ("all", "item"):
        assert node.json({**read, "transaction": transaction}, given) == [{"customer": "a"}]
    for text in (
        "DELETE FROM orders WHERE id = $1",
        "WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x WHERE id = $1",
        "SELECT set_config('transaction_read_only', 'off', true) WHERE $1 = 1",
        "SELECT $1::int; COMMIT; DELETE FROM orders",
    ):
        with pytest.raises(DatabaseError, match=r"25006|25001|multiple commands"):
            node({**read, "transaction": "item"}, items({"sql": text, "v": 1}))
    assert rows(dsn) == [(1, "a")]


def test_rows_can_be_counted_or_come_as_a_file(node: Bench, table: None) -> None:
    many = query("SELECT g AS id, $1 AS t FROM generate_series(1, 20000) g", "x")
    assert node.json({**many, "operation": "execute"}, ONE) == [{"affected": 20000}]
    assert node.json({**many, "result": "file"}, ONE) == [{"rows": 20000}]
    [content] = node.outside.storage.objects.values()
    assert content.splitlines()[-1] == b'{"id":20000,"t":"x"}'
    with pytest.raises(DataTooLarge, match="11 rows or more; 10 are allowed"):
        node({**many, "mostRows": 10}, ONE)


def test_too_many_rows_are_not_all_read(node: Bench) -> None:
    with pytest.raises(DataTooLarge):
        node(query("SELECT generate_series(1, 1000000000)", mostRows=5, timeoutSeconds=10), ONE)


def test_a_deadlock_is_tried_again(node: Bench, table: None, dsn: str) -> None:
    node(insert(), items({"id": 1, "customer": "a"}, {"id": 2, "customer": "b"}))
    change = {
        **insert(operation="update"),
        "match": [{"name": "id", "value": "{{ $json.id }}"}],
        "columns": [{"name": "amount", "value": 5}],
    }
    result: list[Any] = []
    with psycopg.connect(dsn) as other, psycopg.connect(dsn, autocommit=True) as watching:
        other.execute("SET deadlock_timeout = '1h'")  # the node is the one that finds it
        other.execute("UPDATE orders SET amount = 1 WHERE id = 2")
        thread = Thread(target=lambda: result.append(node.json(change, items({"id": 1}, {"id": 2}))))
        thread.start()
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        while thread.is_alive() and not watching.execute(waiting).fetchall():
            pass
        other.execute("UPDATE orders SET amount = 1 WHERE id = 1")
    thread.join(20)
    assert [[row["amount"] for row in rows] for rows in result] == [[5, 5]]
    assert any("tried again" in event["message"] for event in node.outside.of("node.log"))


def test_a_broken_connection_is_made_anew_for_the_next_item(node: Bench) -> None:
    text = "SELECT CASE WHEN $1::bool THEN pg_terminate_backend(pg_backend_pid()) ELSE true END AS ok"
    params = query(text, "{{ $json.kill }}", transaction="item")
    given = items({"kill": False}, {"kill": True}, {"kill": False})
    output = node(params, given, settings={"onError": "branch"})["output"]
    assert [output[port]["count"] for port in ("main", "error")] == [2, 1]
    [failed] = node.outside.claims.fetch(output["error"], TENANT)
    assert failed["json"]["error"]["type"] == "DatabaseUnavailable"


def test_a_credential_is_tried_out(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    ask = AskBench(SPEC, {"test": try_out})
    ask.outside.credentials["pg", "postgres"] = {"dsn": dsn}
    assert "PostgreSQL" in ask("test", {}, credential="pg")["message"]
    ask.outside.credentials["pg", "postgres"] = {"host": "127.0.0.1", "port": free_port(), "user": "a", "database": "b"}
    assert ask.error("test", {}, credential="pg")["type"] == "DatabaseUnavailable"
