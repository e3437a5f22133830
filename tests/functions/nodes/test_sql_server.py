"""The SQL Server node against a server that speaks its protocol, and answers what a test says."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import crypto

from functions.nodes.databases.sql_server.connection import is_for
from functions.nodes.databases.sql_server.options import LOADERS, try_out
from functions.nodes.databases.sql_server.run import run
from functions.nodes.databases.sql_server.spec import SPEC
from local.stack.ports import free_port
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing, DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.network import AddressForbidden
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.steps import Bench, items
from tests.fakes.tds import Call, Refusal, Rows, TdsServer, Told
from tests.fixtures.mariadb import certificate

BIG = 2**53 + 1
ONE = items({})
COLUMNS = [
    ("id", "int", 10, 0),
    ("customer", "varchar", 0, 0),
    ("amount", "decimal", 20, 4),
    ("at", "datetime2", 27, 7),
    ("zoned", "datetimeoffset", 34, 7),
    ("paid", "bit", 1, 0),
    ("data", "varbinary", 0, 0),
]
DESCRIBED = Rows([("name", "nvarchar"), ("type", "nvarchar"), ("digits", "int"), ("scale", "int")], COLUMNS)
Told_ = Callable[[Call], Told | None]


@pytest.fixture
def server() -> Iterator[TdsServer]:
    with TdsServer(lambda call: [0]).serving() as made:
        yield made


@pytest.fixture
def node(server: TdsServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    bench.outside.credentials["ms", "sql_server"] = account(server)
    return bench


def account(server: TdsServer, **more: Any) -> dict[str, Any]:
    found = {"host": "127.0.0.1", "port": server.port, "user": server.user, "password": server.password}
    return {**found, "database": "", "sslMode": "disable", **more}


def answering(server: TdsServer, answer: Told_) -> None:
    """Have the server describe the table when it is asked to, and answer the rest so."""
    server.answer = lambda call: [DESCRIBED] if "sys.columns" in call.text else answer(call)


def query(text: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"credential": "ms", "query": text, "values": [{"value": value} for value in values], **more}


def rows(operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "ms", "operation": operation, "table": "sales.orders", **more}


def statements(server: TdsServer) -> list[str]:
    return [call.text for call in server.calls if "sys.columns" not in call.text]


@pytest.mark.parametrize(
    ("sent", "declared", "came"),
    [
        ("'; DROP TABLE x; --", "nvarchar(max)", "'; DROP TABLE x; --"),
        ("ü\0😀%s", "nvarchar(max)", "ü\0😀%s"),
        ("x" * 100_000, "nvarchar(max)", "x" * 100_000),
        ("", "nvarchar(max)", ""),
        (None, "nvarchar(max)", None),
        (5, "int", 5),
        (-BIG, "bigint", -BIG),
        (2**70, "nvarchar(max)", str(2**70)),
        (1.5, "float", 1.5),
        (True, "bit", True),
        ([1, {"a": None}], "nvarchar(max)", '[1, {"a": null}]'),
        ({"type": "Buffer", "data": [0, 255]}, "varbinary(max)", b"\x00\xff"),
    ],
)
def test_values_go_beside_the_statement(node: Bench, server: TdsServer, sent: Any, declared: str, came: Any) -> None:
    node(query("SELECT @p1", sent, transaction="item"), ONE)
    [call] = server.calls
    assert (call.text, call.declared, call.values) == ("SELECT @p1", f"@p1 {declared}", {"@p1": came})


def test_rows_are_read_as_json(node: Bench, server: TdsServer) -> None:
    zone = timezone(timedelta(hours=2))
    told: list[tuple[str, Any, Any]] = [
        ("int", 7, 7),
        ("bigint", BIG, str(BIG)),
        ("bit", 1, True),
        ("float", 0.1, 0.1),
        ("real", 1.1, 1.1),
        ("decimal", Decimal("12.5"), 12.5),
        ("decimal", Decimal("-1234567890123456789.5"), "-1234567890123456789.5"),
        ("nvarchar", "ü😀", "ü😀"),
        ("varbinary", b"\x00\xff", "\\x00ff"),
        ("date", date(2026, 11, 30), "2026-11-30"),
        ("datetime2", datetime(2026, 11, 30, 9, 0, 0, 250000), "2026-11-30T09:00:00.25"),
        ("datetimeoffset", datetime(2026, 11, 30, 9, tzinfo=zone), "2026-11-30T09:00:00+02:00"),
        ("uniqueidentifier", UUID(int=7), str(UUID(int=7))),
    ]
    named = [(f"c{number}", kind) for number, (kind, _, _) in enumerate(told)]
    result = Rows(named, [[value for _, value, _ in told], [None] * len(told)])
    server.answer = lambda call: [result, Rows([("a", "int"), ("a", "int")], [(1, 2)]), 5]
    read, empty, more = node.json(query("SELECT"), ONE)
    assert list(read.values()) == [back for _, _, back in told]
    assert set(empty.values()) == {None}
    assert more == {"a": 1, "a_2": 2}


def test_a_statement_without_rows_tells_how_many_it_changed(node: Bench, server: TdsServer) -> None:
    server.answer = lambda call: [2, 3]
    assert node.json(query("UPDATE x"), ONE) == [{"affected": 5}]
    server.answer = lambda call: [Rows([("a", "int")], [(1,), (2,)])]
    assert node.json(query("SELECT", operation="execute"), ONE) == [{"affected": 2}]


def merged(*written: tuple[int, int]) -> Rows:
    return Rows([("stepweave row", "int"), ("id", "int")], written)


def test_rows_go_together_and_come_back_to_their_items(node: Bench, server: TdsServer) -> None:
    answering(server, lambda call: [merged((1, 11), (0, 10))])  # OUTPUT keeps no order
    assert node.json(rows("insert"), items({"customer": "a"}, {"customer": "b'"})) == [{"id": 10}, {"id": 11}]
    begin, save, merge, commit = statements(server)
    assert (begin, save, commit) == ("BEGIN TRANSACTION", "SAVE TRANSACTION stepweave", "COMMIT TRANSACTION")
    assert merge == (
        "MERGE INTO [sales].[orders] WITH (HOLDLOCK) AS target USING (VALUES (0, @p1), (1, @p2)) AS source"
        " ([stepweave row], [customer]) ON 1 = 0 WHEN NOT MATCHED THEN INSERT ([customer]) VALUES (source.[customer])"
        " OUTPUT source.[stepweave row], inserted.*;"
    )
    assert server.calls[-2].values == {"@p1": "a", "@p2": "b'"}


def test_an_upsert_names_its_columns(node: Bench, server: TdsServer) -> None:
    answering(server, lambda call: [merged((0, 1))])
    node(rows("upsert", keys="id"), items({"id": 1, "customer": "a", "odd]name": 5}))
    [text] = [text for text in statements(server) if text.startswith("MERGE")]
    assert (
        "ON target.[id] = source.[id] WHEN MATCHED THEN UPDATE SET [customer] = source.[customer], [odd]]name]" in text
    )
    with pytest.raises(ParameterInvalid, match="tell rows apart"):
        node(rows("upsert"), items({"id": 1}))


def test_values_of_rows_are_of_their_columns(node: Bench, server: TdsServer) -> None:
    answering(server, lambda call: [merged((0, 1), (1, 2))])
    given = {
        "id": "5",
        "customer": True,
        "amount": 1e-7,
        "at": "2026-11-30T09:00:00+02:00",
        "zoned": "2026-11-30T09:00:00+02:00",
        "paid": True,
        "data": "\\x00ff",
        "else": [1],
    }
    node(rows("insert"), items(given, {**given, "data": None}))
    call = server.calls[-2]
    assert call.declared.split(", ")[:8] == [
        "@p1 int",
        "@p2 varchar(max)",
        "@p3 decimal(20,4)",
        "@p4 datetime2(7)",
        "@p5 datetimeoffset(7)",
        "@p6 bit",
        "@p7 varbinary(max)",
        "@p8 nvarchar(max)",
    ]
    assert list(call.values.values())[:8] == [
        "5",
        "true",
        "0.0000001",
        "2026-11-30T07:00:00.000",
        "2026-11-30T09:00:00+02:00",
        "1",
        b"\x00\xff",
        "[1]",
    ]
    assert call.values["@p15"] is None


def test_rows_are_updated_and_deleted_where_they_match(node: Bench, server: TdsServer) -> None:
    answering(server, lambda call: [Rows([("id", "int")], [(1,)])])
    match = [{"name": "amount", "value": None}]
    assert node.json(rows("update", match=match, columns=[{"name": "paid", "value": False}]), ONE) == [{"id": 1}]
    assert node.json(rows("delete", match=match), ONE) == [{"id": 1}]
    changes = [text for text in statements(server) if text.startswith(("UPDATE", "DELETE"))]
    same = "EXISTS (SELECT [amount] INTERSECT SELECT @p"
    assert changes == [
        f"UPDATE [sales].[orders] SET [paid] = @p1 OUTPUT inserted.* WHERE {same}2)",
        f"DELETE FROM [sales].[orders] OUTPUT deleted.* WHERE {same}1)",
    ]


def duplicate(call: Call) -> Told:
    if "bad" in call.values.values():
        raise Refusal(2627, "Violation of PRIMARY KEY constraint 'pk'. The duplicate key value is (bad).", 14)
    return [merged(*((number, number) for number in range(call.text.count("), (") + 1)))]


def test_a_row_that_is_refused_is_named(node: Bench, server: TdsServer) -> None:
    answering(server, duplicate)
    given = items({"customer": "a"}, {"customer": "bad"}, {"customer": "c"})
    with pytest.raises(DatabaseError, match="2627: Violation of PRIMARY KEY") as caught:
        node(rows("insert"), given)
    assert (caught.value.item, caught.value.details) == (1, {"number": 2627})
    assert statements(server)[-1] == "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION"
    assert "ROLLBACK TRANSACTION stepweave" in statements(server)
    output = node(rows("insert", transaction="item"), given, settings={"onError": "branch"})["output"]
    assert [output[port]["count"] for port in ("main", "error")] == [2, 1]


def test_more_values_than_a_call_takes_go_in_several(node: Bench, server: TdsServer) -> None:
    answering(server, duplicate)
    given = items(*({f"c{column}": row for column in range(100)} for row in range(45)))
    assert len(node.json(rows("insert"), given)) == 45
    sizes = [len(call.values) for call in server.calls if call.text.startswith("MERGE")]
    assert sizes == [2000, 2000, 500]


def test_a_deadlock_is_tried_again(node: Bench, server: TdsServer) -> None:
    victims = [Refusal(1205, "Transaction (Process ID 52) was deadlocked and has been chosen as the victim.", 13)]

    def answer(call: Call) -> Told:
        return [victims.pop()] if victims else [1]

    server.answer = answer
    assert node.json(query("UPDATE x"), items({}, {})) == [{"affected": 1}] * 2
    assert statements(server).count("BEGIN TRANSACTION") == 2


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (208, DatabaseError, "names of tables"),
        (2628, DatabaseError, "does not fit"),
        (334, DatabaseError, "triggers"),
        (137, DatabaseError, "@p1"),
        (40613, DatabaseUnavailable, "Try again"),
        (10928, DatabaseUnavailable, "Try again"),
    ],
)
def test_errors_have_the_servers_number_and_words(
    node: Bench, server: TdsServer, number: int, kind: type[NodeError], words: str
) -> None:
    server.answer = lambda call: [Refusal(number, "In the server's words.")]
    with pytest.raises(kind, match=f"{number}: In the server's words") as caught:
        node(query("SELECT 1"), ONE)
    assert words in caught.value.remedy


def test_a_server_that_does_not_answer_is_given_up(node: Bench, server: TdsServer) -> None:
    import threading

    held = threading.Event()
    server.answer = lambda call: [held.wait(20) and 0]
    with pytest.raises(DatabaseTimeout, match="did not answer"):
        node(query("WAITFOR DELAY", timeoutSeconds=0.2), ONE)
    held.set()


def test_a_broken_connection_is_made_anew_for_the_next_item(node: Bench, server: TdsServer) -> None:
    server.answer = lambda call: None if call.values["@p1"] else [1]
    params = query("X @p1", "{{ $json.cut }}", transaction="item")
    given = items({"cut": False}, {"cut": True}, {"cut": False})
    output = node(params, given, settings={"onError": "branch"})["output"]
    assert [output[port]["count"] for port in ("main", "error")] == [2, 1]


def test_rows_have_limits(node: Bench, server: TdsServer) -> None:
    server.answer = lambda call: [Rows([("a", "int")], [(number,) for number in range(500)])]
    params = query("SELECT", mostRows=10, transaction="item")
    with pytest.raises(DataTooLarge, match="11 rows or more; 10"):
        node(params, ONE)
    output = node(params, items({}, {}), settings={"onError": "continue"})["output"]["main"]
    assert [one["json"]["error"]["type"] for one in output["items"]] == ["DataTooLarge"] * 2
    assert node.json(query("SELECT", result="file"), ONE) == [{"rows": 500}]


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"port": free_port()}, DatabaseUnavailable, "cannot be reached: Connection refused"),
        ({"password": "hunter2"}, DatabaseError, "18456: Login failed for user 'sa'"),
        ({"host": ""}, CredentialMissing, "names no host"),
        ({"sslMode": "require"}, DatabaseUnavailable, "encryption but it is not supported"),
        (
            {"sslMode": "verify-full", "ca": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"},
            CredentialMissing,
            "authority",
        ),
    ],
)
def test_a_database_that_cannot_be_reached(
    node: Bench, server: TdsServer, change: dict[str, Any], kind: type[NodeError], words: str
) -> None:
    node.outside.credentials["ms", "sql_server"] = account(server, **change)
    with pytest.raises(kind, match=words) as caught:
        node(query("SELECT 1"), ONE)
    assert "hunter2" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"sslMode": "require"}, ""),
        ({"sslMode": "verify-full", "ca": "{ca}"}, ""),
        ({"sslMode": "verify-full", "ca": "{ca}", "host": "localhost"}, "certificate verify failed"),
        ({"sslMode": "verify-full"}, "certificate verify failed"),
        ({"sslMode": "disable"}, "encryption"),
    ],
)
def test_connections_are_encrypted(
    node: Bench, server: TdsServer, tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    server.certificates = certificate(tmp_path)
    ca = (tmp_path / "cert.pem").read_text()
    change = {name: value.replace("{ca}", ca) for name, value in more.items()}
    node.outside.credentials["ms", "sql_server"] = account(server, **change)
    if words:
        with pytest.raises(DatabaseUnavailable, match=words):
            node(query("SELECT 1"), ONE)
        return
    assert node.json(query("SELECT @p1", "x" * 50_000), ONE) == [{"affected": 0}]


def test_a_server_sends_nobody_into_a_private_network(
    node: Bench, server: TdsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TdsServer(lambda call: [7]).serving() as other:
        server.route = ("127.0.0.1", other.port)
        assert node.json(query("UPDATE x"), ONE) == [{"affected": 7}]
        other.route = server.route
        with pytest.raises(DatabaseUnavailable, match="sends its clients on"):
            node(query("UPDATE x"), ONE)
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(query("SELECT 1"), ONE)


def test_tables_and_columns_are_chosen(server: TdsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    ask = AskBench(SPEC, {"options": options(LOADERS), "test": try_out})
    ask.outside.credentials["ms", "sql_server"] = account(server)
    tables = Rows(
        [(name, "nvarchar") for name in ("name", "kind", "place")], [("orders", "", ""), ("big", "view", "sales")]
    )
    columns = Rows(
        [("name", "nvarchar"), ("type", "nvarchar"), ("needed", "bit"), ("made", "bit")],
        [("id", "int", 0, 1), ("customer", "nvarchar", 1, 0)],
    )
    version = Rows([("version", "nvarchar")], [("Microsoft SQL Server 2022\n\tCopyright",)])
    server.answer = lambda call: [
        version if "@@VERSION" in call.text else columns if "sys.columns" in call.text else tables
    ]
    found = ask("options", {"credential": "ms"}, loader="tables", search="o")["options"]
    assert [(one["value"], one.get("detail", "")) for one in found] == [("orders", ""), ("sales.big", "view")]
    params = {"credential": "ms", "operation": "insert", "table": "sales.orders"}
    [one] = ask("options", params, loader="writable")["options"]
    assert (one["value"], one["required"]) == ("customer", True)
    assert server.calls[-1].values == {"@p1": "[sales].[orders]"}
    assert ask("test", {}, credential="ms")["message"] == "The log-in works: Microsoft SQL Server 2022 Copyright."


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("shop.db.example.com", True),
        ("SHOP.db.example.com.", True),
        ("a.shop.db.example.com", False),
        ("db.example.com", False),
        ("other.example.com", True),
        ("10.0.0.1", True),
        ("10.0.0.2", False),
    ],
)
def test_a_certificate_is_for_its_names(host: str, good: bool) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    nobody = x509.Name([])
    names = [
        x509.DNSName("*.db.example.com"),
        x509.DNSName("other.example.com"),
        x509.IPAddress(ip_address("10.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder(nobody, nobody, key.public_key(), 1, datetime(2026, 1, 1), datetime(2036, 1, 1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    assert is_for(crypto.X509.from_cryptography(made), host) is good
