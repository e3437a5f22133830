"""Tables and columns that the database node gives the editor to choose from, of a real Postgres."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from functions.nodes.databases.database import options as loaders
from functions.nodes.databases.database.options import LOADERS
from functions.nodes.databases.database.spec import SPEC
from local.settings import LocalSettings
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench

SCHEMA = """
DROP SCHEMA IF EXISTS choices CASCADE;
DROP SCHEMA IF EXISTS "Other Place" CASCADE;
CREATE SCHEMA choices;
CREATE SCHEMA "Other Place";
CREATE TABLE choices.orders (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer varchar(40) NOT NULL,
    amount numeric(8, 2) NOT NULL DEFAULT 0,
    tax numeric GENERATED ALWAYS AS (amount * 0.2) STORED,
    "Ship To" text[],
    gone text
);
ALTER TABLE choices.orders DROP COLUMN gone;
CREATE VIEW choices.big_orders AS SELECT * FROM choices.orders WHERE amount > 100;
CREATE TABLE choices."with.dot" (a int);
CREATE TABLE choices."100%_sure" (a int);
CREATE TABLE "Other Place"."Größe; DROP TABLE x" (a int);
"""


@pytest.fixture(scope="module")
def dsn(postgres_server: LocalSettings) -> Iterator[str]:
    with psycopg.connect(postgres_server.postgres_url, autocommit=True) as connection:
        connection.execute(SCHEMA)
    yield make_conninfo(postgres_server.postgres_url, options="-c search_path=choices")
    with psycopg.connect(postgres_server.postgres_url, autocommit=True) as connection:
        connection.execute('DROP SCHEMA choices CASCADE; DROP SCHEMA "Other Place" CASCADE')


@pytest.fixture
def node(dsn: str, monkeypatch: pytest.MonkeyPatch) -> AskBench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = AskBench(SPEC, {"options": options(LOADERS)})
    bench.outside.credentials["pg", "postgres"] = {"dsn": dsn}
    return bench


def tables(node: AskBench, search: str = "", **given: Any) -> list[str]:
    answer = node("options", {"credential": "pg"}, loader="tables", search=search, **given)
    return [one["value"] for one in answer["options"]]


def columns(node: AskBench, loader: str, table: str) -> list[dict[str, Any]]:
    params = {"credential": "pg", "operation": "update", "table": table}
    found: list[dict[str, Any]] = node("options", params, loader=loader)["options"]
    return found


def test_tables_of_the_search_path_come_first_under_their_own_names(node: AskBench) -> None:
    found = node("options", {"credential": "pg"}, loader="tables")["options"]
    assert found[:3] == [
        {"value": "100%_sure", "label": "100%_sure", "detail": "choices"},
        {"value": "big_orders", "label": "big_orders", "detail": "choices, view"},
        {"value": "orders", "label": "orders", "detail": "choices"},
    ]
    assert "Other Place.Größe; DROP TABLE x" in [one["value"] for one in found]


def test_names_that_the_field_cannot_hold_and_the_servers_own_are_left_out(node: AskBench) -> None:
    assert tables(node, "with.dot") == []
    assert tables(node, "pg_class") == []
    assert tables(node, "information_schema") == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ORDER", ["big_orders", "orders"]),
        ("choices.big", ["big_orders"]),
        ("größe", ["Other Place.Größe; DROP TABLE x"]),
        ("%", ["100%_sure"]),
        ("100%_", ["100%_sure"]),
        ("'; DROP TABLE choices.orders; --", []),
        ("\\", []),
        ("\0", None),
    ],
)
def test_a_search_is_text_and_no_pattern(node: AskBench, search: str, found: list[str] | None) -> None:
    assert tables(node, search) == (tables(node) if found is None else found)


def test_tables_come_page_by_page(node: AskBench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tables(node)
    monkeypatch.setattr(loaders, "PAGE", 3)
    seen: list[str] = []
    page = ""
    while page or not seen:
        answer = node("options", {"credential": "pg"}, loader="tables", page=page)
        seen += [one["value"] for one in answer["options"]]
        page = answer.get("next", "")
    assert seen == whole


def test_columns_come_with_their_types_in_the_tables_order(node: AskBench) -> None:
    assert columns(node, "columns", "orders") == [
        {"value": "id", "label": "id", "detail": "integer"},
        {"value": "customer", "label": "customer", "detail": "character varying(40)"},
        {"value": "amount", "label": "amount", "detail": "numeric(8,2)"},
        {"value": "tax", "label": "tax", "detail": "numeric"},
        {"value": "Ship To", "label": "Ship To", "detail": "text[]"},
    ]


def test_columns_to_write_are_those_a_statement_may_write(node: AskBench) -> None:
    assert columns(node, "writable", "choices.orders") == [
        {"value": "customer", "label": "customer", "detail": "character varying(40), required", "required": True},
        {"value": "amount", "label": "amount", "detail": "numeric(8,2)"},
        {"value": "Ship To", "label": "Ship To", "detail": "text[]"},
    ]
    assert [one["value"] for one in columns(node, "writable", "Other Place.Größe; DROP TABLE x")] == ["a"]


@pytest.mark.parametrize("table", ["nothing", "orders; DROP TABLE orders", "no.such.place.at.all", ".", "a\0b", "'"])
def test_a_table_that_is_not_there_is_named(node: AskBench, table: str) -> None:
    params = {"credential": "pg", "operation": "insert", "table": table}
    error = node.error("options", params, loader="writable")
    assert error["type"] == "DatabaseError", error


@pytest.mark.parametrize(
    "params", [{}, {"table": " "}, {"table": ["orders"]}, {"table": "orders", "operation": "query"}]
)
def test_columns_of_no_table_are_not_asked_for(node: AskBench, params: dict[str, Any]) -> None:
    given = {"credential": "pg", "operation": "insert", **params}
    error = node.error("options", given, loader="writable")
    assert (error["type"], error["message"]) == ("ParameterInvalid", "Table: nothing is given.")


def test_a_log_in_that_is_refused_is_told_without_the_password(node: AskBench, dsn: str) -> None:
    node.outside.credentials["pg", "postgres"] = {"dsn": make_conninfo(dsn, password="hush-hush-wrong")}
    error = node.error("options", {"credential": "pg"}, loader="tables")
    assert (error["type"], error["remedy"]) == ("DatabaseError", "Check user and password in the credential.")
    assert "hush" not in str(error)


def test_a_log_in_sees_no_tables_that_it_may_not_use(node: AskBench, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS nobody_much")
        connection.execute("CREATE ROLE nobody_much LOGIN PASSWORD 'nothing-much'")
    try:
        low = make_conninfo(dsn, user="nobody_much", password="nothing-much")
        node.outside.credentials["pg", "postgres"] = {"dsn": low}
        assert tables(node, "orders") == []
    finally:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("DROP ROLE nobody_much")


def test_a_credential_of_nobody_is_named(node: AskBench) -> None:
    assert node.error("options", {"credential": "other"}, loader="tables")["type"] == "CredentialMissing"
    assert node.error("options", {}, loader="tables")["type"] == "CredentialMissing"


def test_an_unknown_loader_is_refused(node: AskBench) -> None:
    assert node.error("options", {"credential": "pg"}, loader="__class__")["type"] == "ResultInvalid"
