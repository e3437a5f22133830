"""The MySQL node against a real MariaDB."""

import contextlib
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pymysql
import pytest

from functions.nodes.databases.mysql.options import LOADERS, try_out
from functions.nodes.databases.mysql.run import run
from functions.nodes.databases.mysql.spec import SPEC
from local.stack.ports import free_port
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing, DataTooLarge, NodeError, NodeTimeout, ParameterInvalid
from stepweave.runtime.network import AddressForbidden
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.steps import Bench, items
from tests.fixtures.mariadb import PASSWORD, MariaDb

BIG = 2**53 + 1
Sql = Callable[..., Any]


@pytest.fixture(scope="module")
def sql(mariadb: MariaDb) -> Iterator[Sql]:
    """Send a statement beside the node, and return its rows."""
    connection = pymysql.connect(
        host="127.0.0.1", port=mariadb.port, user="shop", password=PASSWORD.encode(), database="shop", autocommit=True
    )

    def send(text: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()

    yield send
    connection.close()


@pytest.fixture
def node(mariadb: MariaDb, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    bench.outside.credentials["my", "mysql"] = mariadb.account
    return bench


@pytest.fixture
def table(sql: Sql) -> None:
    sql("DROP TABLE IF EXISTS orders")
    sql(
        "CREATE TABLE orders (id int PRIMARY KEY AUTO_INCREMENT, customer varchar(40) NOT NULL UNIQUE,"
        " amount decimal(20,4), `order` varchar(20) DEFAULT 'new', twice decimal(21,4) AS (amount * 2) STORED,"
        " extra json, data blob)"
    )


def query(text: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"credential": "my", "query": text, "values": [{"value": value} for value in values], **more}


def rows(operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "my", "operation": operation, "table": "orders", **more}


ONE = items({})


@pytest.mark.parametrize("hostile", ["'; DROP TABLE orders; --", "?", "%s {{ x }}", "\\", "a`b\"c'", "ü\n\t😀\0", ""])
def test_no_value_changes_a_statement(node: Bench, table: None, sql: Sql, hostile: str) -> None:
    assert node.json(query("SELECT ? AS v", "{{ $json.v }}"), items({"v": hostile})) == [{"v": hostile}]
    [row] = node.json(rows("insert"), items({"customer": hostile}))
    assert row["customer"] == hostile
    assert sql("SELECT customer FROM orders") == ((hostile,),)


@pytest.mark.parametrize(
    ("kind", "sent", "back"),
    [
        ("tinyint", True, 1),
        ("int unsigned", 4294967295, 4294967295),
        ("bigint", BIG, str(BIG)),
        ("bigint", str(BIG), str(BIG)),
        ("bigint unsigned", 2**64 - 1, str(2**64 - 1)),
        ("decimal(30,20)", 1.37, 1.37),
        ("decimal(30,10)", "12345678901234567.8901234567", "12345678901234567.8901234567"),
        ("float", 1.1, 1.1),
        ("double", 1e-300, 1e-300),
        ("double", 2.0, 2),
        ("bit(10)", 513, 513),
        ("year", 2026, 2026),
        ("date", "2026-11-30", "2026-11-30"),
        ("time(3)", "-838:59:59", "-838:59:59"),
        ("time(3)", "09:30:00.25", "09:30:00.25"),
        ("datetime(6)", "2026-11-23T09:00:00.5", "2026-11-23T09:00:00.5"),
        ("datetime", "2026-11-23T09:00:00+02:00", "2026-11-23T07:00:00"),
        ("timestamp(3)", "2026-11-23T09:00:00.250Z", "2026-11-23T09:00:00.25+00:00"),
        ("timestamp NULL", "2026-11-23T09:00:00+05:30", "2026-11-23T03:30:00+00:00"),
        ("blob", "\\x00ff", "\\x00ff"),
        ("varbinary(9)", "ü", "\\xc3bc"),
        ("blob", {"type": "Buffer", "data": [1, 2]}, "\\x0102"),
        ("json", {"b": [1, None, "x"]}, '{"b": [1, null, "x"]}'),
        ("json", "[1]", "[1]"),
        ("text", ["a", 1], '["a", 1]'),
        ("text", True, "true"),
        ("text", 1e21, "1e+21"),
        ("enum('a','b')", "b", "b"),
        ("set('a','b')", "a,b", "a,b"),
        ("int", None, None),
    ],
)
def test_a_value_is_kept_both_ways(node: Bench, sql: Sql, kind: str, sent: Any, back: Any) -> None:
    sql(f"CREATE OR REPLACE TABLE kept (id int, v {kind})")
    params = {**rows("insert"), "table": "kept"}
    assert node.json(params, items({"id": 1, "v": sent})) == [{"id": 1, "v": back}]
    read = node.json(query("SELECT v FROM kept"), ONE)
    assert read == [{"v": back}]
    assert node.json(params, items({"id": 2, "v": read[0]["v"]})) == [{"id": 2, "v": back}]
    assert node.json(query("SELECT COUNT(DISTINCT v) AS n FROM kept"), ONE)[0]["n"] == (0 if sent is None else 1)


def test_zero_dates_are_read_as_they_are(node: Bench, sql: Sql) -> None:
    sql("CREATE OR REPLACE TABLE zeros (d date, t datetime)")
    sql("SET sql_mode = ''")
    sql("INSERT INTO zeros VALUES ('0000-00-00', '0000-00-00 00:00:00'), ('2026-00-00', '2026-01-00 10:00:00')")
    assert node.json(query("SELECT * FROM zeros"), ONE) == [
        {"d": "0000-00-00", "t": "0000-00-00 00:00:00"},
        {"d": "2026-00-00", "t": "2026-01-00 10:00:00"},
    ]


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"customer": "x" * 41}, 1406),
        ({"customer": "a", "amount": "much"}, 1366),
        ({"customer": "a", "amount": 10**30}, 1264),
        ({"customer": None}, 1048),
        ({"customer": "a", "extra": "not json"}, None),
        ({"customer": "a", "twice": 5}, 1906),
        ({"customer": "a", "nothing": 5}, 1054),
        ({"customer": ["a"] * 20}, 1406),
    ],
)
def test_what_does_not_fit_is_refused_in_the_servers_words(
    node: Bench, table: None, sql: Sql, fields: dict[str, Any], number: int | None
) -> None:
    if number is None:  # text that is no JSON becomes a JSON string where the column is JSON; MariaDB has a text there
        number = 4025
    with pytest.raises(DatabaseError) as caught:
        node(rows("insert"), items({"customer": "first"}, fields))
    assert (caught.value.details["number"], caught.value.item) == (number, 1)
    assert sql("SELECT * FROM orders") == ()


def test_null_is_null_and_missing_is_the_default(node: Bench, table: None) -> None:
    given = items({"customer": "a", "order": None}, {"customer": "b"}, {"customer": "c", "order": "old"})
    assert [row["order"] for row in node.json(rows("insert"), given)] == [None, "new", "old"]


def test_rows_come_back_with_what_the_server_made(node: Bench, table: None) -> None:
    made = node.json(rows("insert"), items(*({"customer": f"c{n}", "amount": n} for n in range(5))))
    assert [(row["id"], row["customer"], row["twice"]) for row in made] == [(n + 1, f"c{n}", 2 * n) for n in range(5)]


def test_names_are_quoted(node: Bench, table: None, sql: Sql) -> None:
    sql("CREATE OR REPLACE TABLE `Odd ``name` (`a``b` int, `select` int, `A B` int)")
    odd = {**rows("insert"), "table": "Odd `name"}
    with pytest.raises(DatabaseError):
        node({**odd, "table": "orders`; DROP TABLE orders; --"}, items({"x": 1}))
    assert node.json(odd, items({"a`b": 1, "select": 2, "A B": 3})) == [{"a`b": 1, "select": 2, "A B": 3}]
    assert node.json({**odd, "table": "`shop`.`orders`"}, items({"customer": "a"}))[0]["id"] == 1


def test_rows_are_inserted_or_updated(node: Bench, table: None, sql: Sql) -> None:
    node(rows("insert"), items({"customer": "a", "amount": 1, "order": "old"}))
    params = rows("upsert", updates="amount")
    given = items(
        {"customer": "a", "amount": 2, "order": "x"}, {"customer": "b", "amount": 3}, {"customer": "b", "amount": 4}
    )
    made = node.json(params, given)
    assert [(row["customer"], row["amount"]) for row in made] == [("a", 2), ("b", 3), ("b", 4)]
    assert sql("SELECT customer, amount, `order` FROM orders ORDER BY id") == (("a", 2, "old"), ("b", 4, "new"))
    with pytest.raises(ParameterInvalid, match="nothing is none of the columns"):
        node(rows("upsert", updates="nothing"), items({"customer": "a"}))


def test_rows_that_are_there_already_can_be_left(node: Bench, table: None, sql: Sql) -> None:
    node(rows("insert"), items({"customer": "a", "amount": 1}))
    with pytest.raises(DatabaseError, match=r"1062 \(23000\): Duplicate entry 'a'") as caught:
        node(rows("insert"), items({"customer": "b"}, {"customer": "a"}))
    assert (caught.value.item, caught.value.details["sqlstate"]) == (1, "23000")
    node(rows("insert", onConflict="skip"), items({"customer": "a", "amount": 9}, {"customer": "c", "amount": 9}))
    assert sql("SELECT customer, amount FROM orders ORDER BY id") == (("a", 1), ("c", 9))


def test_rows_are_updated_and_deleted(node: Bench, table: None) -> None:
    node(rows("insert"), items({"customer": "a"}, {"customer": "b", "amount": 2}))
    where = [{"name": "amount", "value": None}]
    assert node.json(rows("update", match=where, columns=[{"name": "order", "value": "x"}]), ONE) == [{"affected": 1}]
    assert [row["customer"] for row in node.json(rows("delete", match=where), ONE)] == ["a"]
    with pytest.raises(ParameterInvalid, match="Where: nothing"):
        node(rows("delete"), ONE)


@pytest.mark.parametrize("transaction", ["all", "batch", "item"])
def test_what_an_error_undoes(node: Bench, table: None, sql: Sql, transaction: str) -> None:
    given = items(*({"customer": name} for name in ("a", "b", "c", "b", "e", "f")))
    settings = {"onError": "branch"}
    output = node(rows("insert", transaction=transaction, batchSize=3), given, settings=settings)["output"]
    kept = [name for (name,) in sql("SELECT customer FROM orders ORDER BY id")]
    assert kept == {"all": [], "batch": ["a", "b", "c"], "item": ["a", "b", "c", "e", "f"]}[transaction]
    assert output["error"]["count"] == 6 - len(kept)


def test_no_items_are_no_statement(node: Bench, table: None) -> None:
    assert node(rows("insert"), [])["output"] == {}
    assert node(query("SELECT nothing"), [])["output"] == {}


def test_more_values_than_a_statement_takes_go_in_several(node: Bench, table: None, sql: Sql) -> None:
    columns = ", ".join(f"c{n} int" for n in range(100))
    sql(f"CREATE OR REPLACE TABLE wide ({columns})")
    given = items(*({f"c{n}": n for n in range(100)} for _ in range(700)))
    assert len(node.json({**rows("insert"), "table": "wide"}, given)) == 700
    assert sql("SELECT COUNT(*), SUM(c99) FROM wide") == ((700, 69300),)


def test_a_statement_is_one_and_has_its_values(node: Bench, table: None) -> None:
    with pytest.raises(DatabaseError, match="1064"):
        node(query("SELECT 1; DROP TABLE orders"), ONE)
    with pytest.raises(ParameterInvalid, match=r"places for 2 values \(\?\), but 1"):
        node(query("SELECT ?, ?", 1), ONE)
    with pytest.raises(ParameterInvalid, match="SQL: nothing"):
        node(query(" "), ONE)
    assert node.json(query("SELECT 1 AS a LIMIT ?", "{{ 1 }}"), ONE) == [{"a": 1}]
    assert node.json(query("SELECT 1 AS a, 2 AS a, '?' AS b"), ONE) == [{"a": 1, "a_2": 2, "b": "?"}]


def test_statements_without_rows_tell_what_they_changed(node: Bench, table: None) -> None:
    node(rows("insert"), items({"customer": "a"}, {"customer": "b"}))
    assert node.json(query("UPDATE orders SET amount = 1"), ONE) == [{"affected": 2}]
    assert node.json(query("INSERT INTO orders (customer) VALUES ('c')"), ONE) == [{"affected": 1, "insertId": 3}]
    assert node.json(query("SELECT * FROM orders", operation="execute"), ONE) == [{"affected": 3}]
    assert node.json(query("LOCK TABLES orders READ", transaction="item"), ONE) == [{"affected": 0}]


def test_a_procedures_results_come_one_behind_the_other(node: Bench, sql: Sql) -> None:
    sql("CREATE OR REPLACE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 'x' AS b; END")
    assert node.json(query("CALL two()"), items({}, {})) == [{"a": 1}, {"b": "x"}] * 2


def test_a_models_sql_only_reads(node: Bench, table: None, sql: Sql) -> None:
    node(rows("insert"), items({"customer": "a"}))
    read = {"credential": "my", "operation": "read", "statement": "{{ $json.sql }}", "transaction": "item"}
    assert node.json(read, items({"sql": "SELECT customer FROM orders"})) == [{"customer": "a"}]
    with pytest.raises(DatabaseError, match="1792"):
        node(read, items({"sql": "DELETE FROM orders"}))
    assert len(sql("SELECT * FROM orders")) == 1


def test_rows_have_limits(node: Bench) -> None:
    many = query("SELECT seq FROM seq_1_to_5000000")
    with pytest.raises(DataTooLarge, match="101 rows or more; 100"):
        node({**many, "mostRows": 100}, ONE)
    output = node.json({**query("SELECT seq, 'x' AS t FROM seq_1_to_3"), "result": "file"}, ONE)
    assert output == [{"rows": 3}]
    [(key, content)] = [(key, body) for (_, key), body in node.outside.storage.objects.items()]
    assert key.endswith("1-file-1")
    assert content == b'{"seq":1,"t":"x"}\n{"seq":2,"t":"x"}\n{"seq":3,"t":"x"}\n'


def test_time_has_limits(node: Bench) -> None:
    with pytest.raises(DatabaseTimeout, match="1969"):
        node(query("SELECT SLEEP(20)", timeoutSeconds=0.2), ONE)
    with pytest.raises(NodeTimeout):
        node(query("SELECT SLEEP(20)"), ONE, seconds=0.5)


def test_a_broken_connection_is_made_anew_for_the_next_item(node: Bench, table: None) -> None:
    kill = query("{{ '' }}KILL CONNECTION_ID()", transaction="item")
    kill["query"] = "KILL CONNECTION_ID()"
    with pytest.raises(DatabaseUnavailable) as caught:
        node(kill, ONE)
    assert caught.value.retryable
    given = items({"id": "CONNECTION_ID()"}, {"id": "0"})
    params = query("SELECT 1 AS a", transaction="item")
    assert node.json(params, given) == [{"a": 1}, {"a": 1}]


def test_a_deadlock_is_tried_again(node: Bench, table: None, sql: Sql, mariadb: MariaDb) -> None:
    node(rows("insert"), items({"customer": "a", "amount": 0}, {"customer": "b", "amount": 0}))
    other = pymysql.connect(
        host="127.0.0.1", port=mariadb.port, user="shop", password=PASSWORD.encode(), database="shop", autocommit=False
    )
    with other.cursor() as cursor:  # it has changed more, so the node's transaction is the one that is undone
        cursor.execute("INSERT INTO orders (customer) SELECT CONCAT('x', seq) FROM seq_1_to_100")
        cursor.execute("UPDATE orders SET amount = amount + 10 WHERE customer = 'b'")
        result: list[Any] = []
        params = rows(
            "update", match=[{"name": "customer", "value": "{{ $json.c }}"}], columns=[{"name": "amount", "value": 5}]
        )
        thread = Thread(target=lambda: result.append(node.json(params, items({"c": "a"}, {"c": "b"}))))
        thread.start()
        while thread.is_alive() and not sql(
            "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'UPDATE%' AND state LIKE 'Updat%'"
        ):
            pass
        cursor.execute("UPDATE orders SET amount = amount + 10 WHERE customer = 'a'")
    other.commit()
    thread.join(20)
    other.close()
    assert result == [[{"affected": 1}, {"affected": 1}]]
    assert any("tried again" in event["message"] for event in node.outside.of("node.log"))


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"port": free_port()}, DatabaseUnavailable, "cannot be reached: Connection refused"),
        ({"password": "hunter2"}, DatabaseError, "1045"),
        ({"database": "nowhere"}, DatabaseError, "1044|1049"),
        ({"host": ""}, CredentialMissing, "names no host"),
        ({"sslMode": "verify-full"}, DatabaseUnavailable, "CERTIFICATE_VERIFY_FAILED"),
        ({"sslMode": "verify-full", "ca": "nonsense"}, CredentialMissing, "certificate of the authority"),
    ],
)
def test_a_database_that_cannot_be_reached(
    node: Bench, mariadb: MariaDb, change: dict[str, Any], kind: type[NodeError], words: str
) -> None:
    node.outside.credentials["my", "mysql"] = {**mariadb.account, **change}
    with pytest.raises(kind, match=words) as caught:
        node(query("SELECT 1"), ONE)
    assert "hunter2" not in str(caught.value.to_json())


@pytest.mark.parametrize("mode", ["prefer", "require", "verify-full"])
def test_connections_are_encrypted(node: Bench, mariadb: MariaDb, mode: str) -> None:
    account = {**mariadb.account, "sslMode": mode, "ca": mariadb.authority}
    node.outside.credentials["my", "mysql"] = account
    [row] = node.json(query("SHOW STATUS LIKE 'Ssl_version'"), ONE)
    assert row["Value"].startswith("TLSv1")


def test_too_many_connections_pass(node: Bench, mariadb: MariaDb) -> None:
    held: list[Any] = []
    try:
        with contextlib.suppress(pymysql.err.OperationalError):
            while True:
                held.append(
                    pymysql.connect(host="127.0.0.1", port=mariadb.port, user="shop", password=PASSWORD.encode())
                )
        with pytest.raises(DatabaseUnavailable, match=r"1040.*Too many connections"):
            node(query("SELECT 1"), ONE)
    finally:
        for connection in held:
            connection.close()


def test_a_private_database_is_forbidden_on_a_shared_platform(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(query("SELECT 1"), ONE)


def test_tables_and_columns_are_chosen(
    mariadb: MariaDb, table: None, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    ask = AskBench(SPEC, {"options": options(LOADERS), "test": try_out})
    ask.outside.credentials["my", "mysql"] = mariadb.account
    sql("CREATE OR REPLACE VIEW big_orders AS SELECT * FROM orders")
    found = ask("options", {"credential": "my"}, loader="tables", search="ORDER")["options"]
    assert [(one["value"], one.get("detail", "")) for one in found] == [("big_orders", "view"), ("orders", "")]
    params = {"credential": "my", "operation": "insert", "table": "orders"}
    writable = ask("options", params, loader="writable")["options"]
    assert [one["value"] for one in writable] == ["id", "customer", "amount", "order", "extra", "data"]
    assert [one["value"] for one in writable if one.get("required")] == ["customer"]
    assert ask("test", {}, credential="my")["message"].startswith("The log-in works: 1")
