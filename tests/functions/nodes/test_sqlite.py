"""The SQLite node in real files."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.databases.sqlite.run import run
from functions.nodes.databases.sqlite.spec import SPEC
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout
from stepweave.runtime.errors import DataMissing, DataTooLarge, NodeError, ParameterInvalid
from tests.fakes.steps import BUCKET, TENANT, Bench, items

SCHEMA = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL UNIQUE, amount NUMERIC, "order" TEXT DEFAULT 'new',
  twice AS (amount * 2), data BLOB);
INSERT INTO orders (customer, amount) VALUES ('Ada', 1), ('Bob', 2.5);
"""
BIG = 2**53 + 1


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def held(node: Bench, content: bytes, key: str = "db") -> Item:
    """Return an item that has a file."""
    node.outside.storage.objects[BUCKET, f"{TENANT}/{key}"] = content
    sha256 = hashlib.sha256(content).hexdigest()
    ref: BinaryRef = {
        "bucket": BUCKET,
        "key": f"{TENANT}/{key}",
        "size": len(content),
        "sha256": sha256,
        "mimeType": "application/octet-stream",
        "fileName": "shop.db",
    }
    return {"json": {}, "binary": {"data": ref}}


def database(path: Path, script: str = SCHEMA) -> bytes:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path.read_bytes()


@pytest.fixture
def shop(node: Bench, tmp_path: Path) -> Item:
    return held(node, database(tmp_path / "shop.db"))


def query(text: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"query": text, "values": [{"value": value} for value in values], **more}


def change(operation: str, **more: Any) -> dict[str, Any]:
    return {"operation": operation, "table": "orders", **more}


def of(shop: Item, *fields: dict[str, Any]) -> list[Item]:
    """Return items that all have the file."""
    return [{"json": one, "binary": shop["binary"]} for one in fields]


def came(node: Bench, params: dict[str, Any], given: list[Item]) -> list[Item]:
    return node.outside.claims.fetch(node(params, given)["output"]["main"], TENANT)


def read(node: Bench, made: Item, text: str) -> list[Any]:
    """Return what a file that came out has, as sqlite3 itself reads it."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(node.outside.storage.objects[BUCKET, made["binary"]["data"]["key"]])
    try:
        return connection.execute(text).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("hostile", ["'; DROP TABLE orders; --", "?", "%s {{ x }}", "\\", 'a"b', "ü\n\0😀"])
def test_no_value_changes_a_statement(node: Bench, shop: Item, hostile: str) -> None:
    assert node.json(query("SELECT ? AS v", "{{ $json.v }}"), of(shop, {"v": hostile})) == [{"v": hostile}]
    [made] = came(node, change("insert"), of(shop, {"customer": hostile}))
    assert read(node, made, "SELECT customer FROM orders WHERE id = 3") == [(hostile,)]


@pytest.mark.parametrize(
    ("kind", "sent", "back"),
    [
        ("INTEGER", BIG, str(BIG)),
        ("INTEGER", str(BIG), str(BIG)),
        ("NUMERIC", 1.5, 1.5),
        ("REAL", 2, 2),
        ("BOOLEAN", True, 1),
        ("TEXT", "2026-11-30T09:00:00Z", "2026-11-30T09:00:00Z"),
        ("TEXT", {"a": [1]}, '{"a": [1]}'),
        ("BLOB", "\\x00ff", "\\x00ff"),
        ("TEXT", "\\x00ff", "\\x00ff"),
        ("BLOB", {"type": "Buffer", "data": [1, 255]}, "\\x01ff"),
        ("INTEGER", None, None),
        ("INTEGER", "many", "many"),
    ],
)
def test_a_value_is_kept_both_ways(node: Bench, tmp_path: Path, kind: str, sent: Any, back: Any) -> None:
    file = held(node, database(tmp_path / "x.db", f"CREATE TABLE orders (v {kind})"))
    [made] = came(node, change("insert"), of(file, {"v": sent}))
    assert made["json"] == {"v": back}
    [again] = came(node, change("insert"), [{"json": {"v": back}, "binary": made["binary"]}])
    assert again["json"] == {"v": back}
    same = "SELECT count(*), count(DISTINCT v) FROM orders"
    assert read(node, again, same) == [(2, 0 if sent is None else 1)]


def test_a_number_that_is_too_large_is_refused(node: Bench, shop: Item) -> None:
    with pytest.raises(DatabaseError, match=r"cannot be sent.*too large"):
        node(change("insert"), of(shop, {"customer": "x", "amount": 10**30}))


def test_the_changed_file_comes_back_and_the_other_stays(node: Bench, shop: Item) -> None:
    before = node.outside.storage.objects[BUCKET, f"{TENANT}/db"]
    made = came(node, change("insert"), of(shop, {"customer": "Eve", "amount": 4}, {"customer": "Dan"}))
    assert [(one["json"]["id"], one["json"]["twice"], one["json"]["order"]) for one in made] == [
        (3, 8, "new"),
        (4, None, "new"),
    ]
    assert made[0]["binary"] == made[1]["binary"]
    assert made[0]["binary"]["data"]["fileName"] == "shop.db"
    assert read(node, made[0], "SELECT count(*) FROM orders") == [(4,)]
    assert node.outside.storage.objects[BUCKET, f"{TENANT}/db"] == before


def test_rows_are_inserted_or_updated_or_left_or_deleted(node: Bench, shop: Item) -> None:
    given = of(
        shop, {"customer": "Ada", "amount": 9}, {"customer": "Eve", "amount": 8}, {"customer": "Eve", "amount": 7}
    )
    made = came(node, change("upsert", keys="customer"), given)
    assert [one["json"]["amount"] for one in made] == [9, 8, 7]
    assert read(node, made[0], "SELECT customer, amount FROM orders") == [("Ada", 9), ("Bob", 2.5), ("Eve", 7)]
    made = came(node, change("insert", onConflict="skip"), given)
    assert [one["json"].get("amount", one["json"]) for one in made] == [{"affected": 0}, 8, {"affected": 0}]
    where = [{"name": "amount", "value": 2.5}]
    made = came(node, change("update", match=where, columns=[{"name": "customer", "value": "B"}]), of(shop, {}))
    assert read(node, made[0], "SELECT customer FROM orders WHERE id = 2") == [("B",)]
    [gone] = came(node, change("delete", match=where), of(shop, {}))
    assert (gone["json"]["customer"], read(node, gone, "SELECT count(*) FROM orders")) == ("Bob", [(1,)])
    [none] = came(node, change("delete", match=[{"name": "id", "value": 99}]), of(shop, {}))
    assert (none["json"], read(node, none, "SELECT count(*) FROM orders")) == ({"affected": 0}, [(2,)])


def test_all_items_or_none(node: Bench, shop: Item) -> None:
    with pytest.raises(DatabaseError, match="SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed") as caught:
        node(change("insert"), of(shop, {"customer": "Eve"}, {"customer": "Ada"}))
    assert (caught.value.item, caught.value.details["code"]) == (1, "SQLITE_CONSTRAINT_UNIQUE")
    assert len(node.outside.storage.objects) == 1


def test_items_with_other_files_have_their_own(node: Bench, tmp_path: Path, shop: Item) -> None:
    other = held(node, database(tmp_path / "other.db"), "other")
    given = of(shop, {"customer": "Eve"}) + of(other, {"customer": "Dan"}) + of(shop, {"customer": "Fay"})
    made = came(node, change("insert"), given)
    assert [[name for (name,) in read(node, one, "SELECT customer FROM orders WHERE id > 2")] for one in made] == [
        ["Eve", "Fay"],
        ["Dan"],
        ["Eve", "Fay"],
    ]
    found = node.json(query("SELECT ? || count(*) AS n FROM orders", "{{ $json.customer }}"), given)
    assert [one["n"] for one in found] == ["Eve2", "Dan2", "Fay2"]


def test_a_new_database_begins_with_nothing(node: Bench) -> None:
    [made] = came(node, query("CREATE TABLE t (a)", operation="execute", file=""), items({}))
    assert read(node, made, "SELECT name FROM sqlite_schema") == [("t",)]
    assert made["binary"]["data"]["fileName"] == "database.sqlite"
    assert node.json(query("SELECT count(*) AS n FROM sqlite_schema", file=""), items({})) == [{"n": 0}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ATTACH '/etc/passwd' AS p", "ATTACH"),
        ("ATTACH ':memory:' AS p", "ATTACH"),
        ("VACUUM INTO '/tmp/stolen'", "ATTACH|SQLITE_ERROR"),
        ("SELECT load_extension('/tmp/x.so')", "load_extension|not authorized"),
        ("PRAGMA writable_schema = ON", "PRAGMA writable_schema"),
        ("PRAGMA journal_mode = WAL", "PRAGMA journal_mode"),
        ("PRAGMA temp_store_directory = '/etc'", "PRAGMA temp_store_directory"),
        ("PRAGMA trusted_schema = ON", "PRAGMA trusted_schema"),
        ("PRAGMA query_only = OFF", "PRAGMA query_only"),
        ("PRAGMA max_page_count = 99999999", "PRAGMA max_page_count"),
        ("COMMIT", "transactions"),
        ("SAVEPOINT x", "transactions"),
        ("CREATE VIRTUAL TABLE v USING csv(filename='/etc/passwd')", "module csv|no such module"),
        ("SELECT 1; DROP TABLE orders", "one statement at a time"),
        ("INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)", "may not be modified"),
        ("SELECT fts3_tokenizer('simple')", "fts3_tokenizer|no such function"),
        ("SELECT readfile('/etc/passwd')", "readfile|no such function"),
    ],
)
@pytest.mark.parametrize("operation", ["query", "execute"])
def test_nothing_beside_the_file_is_reached(
    node: Bench, shop: Item, tmp_path: Path, text: str, words: str, operation: str
) -> None:
    with pytest.raises(DatabaseError, match=words):
        node(query(text, operation=operation), of(shop, {}))


def test_the_database_describes_itself(node: Bench, shop: Item) -> None:
    found = node.json(query("PRAGMA table_info(orders)"), of(shop, {}))
    assert [row["name"] for row in found] == ["id", "customer", "amount", "order", "data"]
    assert node.json(query("PRAGMA integrity_check"), of(shop, {})) == [{"integrity_check": "ok"}]
    [made] = came(node, query("PRAGMA user_version = 7", operation="execute"), of(shop, {}))
    assert read(node, made, "PRAGMA user_version") == [(7,)]


@pytest.mark.parametrize("text", ["DELETE FROM orders", "CREATE TABLE x (a)", "PRAGMA user_version = 7"])
def test_queries_only_read(node: Bench, shop: Item, text: str) -> None:
    with pytest.raises(DatabaseError, match=r"SQLITE_READONLY|SQLITE_AUTH"):
        node(query(text), of(shop, {}))
    with pytest.raises(DatabaseError, match=r"SQLITE_READONLY|SQLITE_AUTH"):
        node({"operation": "read", "statement": "{{ $json.sql }}"}, of(shop, {"sql": text}))


def test_time_and_rows_have_limits(node: Bench, shop: Item) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
    with pytest.raises(DatabaseTimeout, match="SQLITE_INTERRUPT: interrupted"):
        node(query(f"{endless} count(*) FROM n", timeoutSeconds=0.1), of(shop, {}))
    with pytest.raises(DataTooLarge, match="11 rows or more; 10"):
        node(query(f"{endless} i FROM n", mostRows=10), of(shop, {}))
    with pytest.raises(DatabaseError, match="SQLITE_TOOBIG"):
        node(query("SELECT length(hex(zeroblob(60000000)))"), of(shop, {}))
    assert node.json(query(f"{endless} i FROM n LIMIT 3", result="file"), of(shop, {})) == [{"rows": 3}]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"id,name\n1,Ada\n" * 100, "SQLITE_NOTADB"), (b"", ""), (None, "SQLITE_CORRUPT|SQLITE_NOTADB")],
)
def test_a_file_that_is_no_database_is_named(node: Bench, tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is None:  # a damaged one
        whole = database(tmp_path / "x.db", SCHEMA + "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(20000));")
        content = whole[:4096] + b"\xff" * (len(whole) - 4096)
    file = held(node, content)
    if not words:  # nothing is an empty database, as sqlite3 itself has it
        assert node.json(query("SELECT count(*) AS n FROM sqlite_schema"), of(file, {})) == [{"n": 0}]
        return
    with pytest.raises(DatabaseError, match=words):
        node(query("SELECT * FROM orders"), of(file, {}))


def test_a_database_with_a_write_ahead_log_is_read_and_changed(node: Bench, tmp_path: Path) -> None:
    file = held(node, database(tmp_path / "wal.db", "PRAGMA journal_mode = WAL;" + SCHEMA))
    assert node.json(query("SELECT count(*) AS n FROM orders"), of(file, {})) == [{"n": 2}]
    [made] = came(node, change("insert"), of(file, {"customer": "Eve"}))
    assert read(node, made, "SELECT count(*) FROM orders") == [(3,)]


def test_text_that_is_no_utf_8_is_an_error(node: Bench, tmp_path: Path) -> None:
    file = held(node, database(tmp_path / "x.db", "CREATE TABLE t AS SELECT CAST(x'ff41' AS TEXT) AS a;"))
    with pytest.raises(DatabaseError, match="not UTF-8"):
        node(query("SELECT a FROM t"), of(file, {}))


@pytest.mark.parametrize(
    ("params", "given", "kind", "words"),
    [
        ({"query": "SELECT 1", "file": "other"}, {}, ParameterInvalid, "no file “other”; it has “data”"),
        ({"query": "SELECT 1", "file": {"bucket": "x"}}, {}, DataMissing, "name a stored file"),
        ({"query": "SELECT ?, ?", "values": [{"value": 1}]}, {}, ParameterInvalid, "Incorrect number of bindings"),
        ({"query": "SELEC 1"}, {}, DatabaseError, "syntax error"),
        ({"query": " "}, {}, ParameterInvalid, "SQL: nothing"),
        (change("insert"), {}, ParameterInvalid, "Columns: nothing"),
        (change("insert"), {"customer": "x", "twice": 5}, DatabaseError, "generated column"),
        (change("insert"), {"customer": "x", 'a"b': 5}, DatabaseError, 'no column named a"b'),
        (change("insert"), {"customer": "\ud800"}, DatabaseError, "cannot be sent"),
        (change("delete"), {}, ParameterInvalid, "Where: nothing"),
        (change("upsert"), {"customer": "x"}, ParameterInvalid, "tell rows apart"),
    ],
)
def test_what_is_wrong_is_named(
    node: Bench, shop: Item, params: dict[str, Any], given: dict[str, Any], kind: type[NodeError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        node(params, of(shop, given))


def test_no_items_are_no_statement(node: Bench) -> None:
    assert node(change("insert"), [])["output"] == {}
