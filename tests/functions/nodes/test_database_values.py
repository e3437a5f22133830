"""Values between JSON and a real Postgres, both ways: one table of types, and properties over it."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.nodes.databases.database.connection import connect
from functions.nodes.databases.database.executing import PostgresSession
from local.settings import LocalSettings
from stepweave.model.items import Item
from stepweave.runtime.database_errors import DatabaseError
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.sql.results import items_of
from stepweave.runtime.sql.session import Statement

BIG = 9_007_199_254_740_993
"""2^53 + 1: the first whole number that JavaScript has not."""

SETUP = """
DROP SCHEMA IF EXISTS kinds CASCADE; CREATE SCHEMA kinds; SET search_path = kinds;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'so "so"');
CREATE TYPE pair AS (name text, n int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN moods AS mood[];
CREATE TYPE floats AS RANGE (subtype = float8);
"""

READ: list[tuple[str, str, Any]] = [
    ("bool", "true", True),
    ("int2", "-7", -7),
    ("int4", "2147483647", 2147483647),
    ("int8", str(BIG - 2), BIG - 2),
    ("int8", str(BIG - 1), str(BIG - 1)),
    ("int8", str(-BIG), str(-BIG)),
    ("int8", "-9223372036854775808", "-9223372036854775808"),
    ("oid", "4294967295", 4294967295),
    ("numeric", "12.50", 12.5),
    ("numeric", "3", 3),
    ("numeric", "0.1234567890123456789", "0.1234567890123456789"),
    ("numeric", str(2**60), str(2**60)),
    ("numeric", "1" + "0" * 400, "1" + "0" * 400),
    ("numeric", "NaN", "NaN"),
    ("numeric", "-Infinity", "-Infinity"),
    ("float4", "0.1", 0.1),
    ("float8", "5", 5),
    ("float8", "1e300", 1e300),
    ("float8", "NaN", "NaN"),
    ("float8", "-Infinity", "-Infinity"),
    ("money", "12.5", "$12.50"),
    ("text", "Zoë \"q\" \\ '", "Zoë \"q\" \\ '"),
    ("text", "", ""),
    ("varchar(3)", "abc", "abc"),
    ("char(4)", "ab", "ab  "),
    ("bytea", "\\x00ff5c", "\\x00ff5c"),
    ("date", "2026-11-23", "2026-11-23"),
    ("date", "infinity", "infinity"),
    ("date", "0044-03-15 BC", "0044-03-15 BC"),
    ("date", "20000-01-01", "20000-01-01"),
    ("time", "09:30", "09:30:00"),
    ("time", "24:00", "24:00:00"),
    ("time", "09:30:00.25", "09:30:00.25"),
    ("timetz", "09:30+02", "09:30:00+02:00"),
    ("timetz", "24:00:00+05:30", "24:00:00+05:30"),
    ("timestamp", "2026-11-23 09:00", "2026-11-23T09:00:00"),
    ("timestamp", "0044-03-15 12:00 BC", "0044-03-15 12:00:00 BC"),
    ("timestamp", "-infinity", "-infinity"),
    ("timestamptz", "2026-11-23 09:00:00.5+00", "2026-11-23T09:00:00.5+00:00"),
    ("timestamptz", "infinity", "infinity"),
    ("timestamptz", "0044-03-15 12:00:00+00 BC", "0044-03-15 12:00:00+00 BC"),
    ("timestamptz", "294276-12-31 23:59:59+00", "294276-12-31 23:59:59+00"),
    ("interval", "1 mon 2 days 03:04:05.5", "1 mon 2 days 03:04:05.5"),
    ("interval", "-1 year", "-1 years"),
    ("uuid", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"),
    ("inet", "10.0.0.1/24", "10.0.0.1/24"),
    ("cidr", "::1/128", "::1/128"),
    ("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    ("bit(3)", "101", "101"),
    ("varbit", "10", "10"),
    ("tsvector", "'a':1 'b':2", "'a':1 'b':2"),
    ("point", "(1,2.5)", "(1,2.5)"),
    ("box", "(2,2),(1,1)", "(2,2),(1,1)"),
    ("polygon", "((0,0),(1,1),(1,0))", "((0,0),(1,1),(1,0))"),
    ("pg_lsn", "16/B374D848", "16/B374D848"),
    ("int4range", "[1,5)", "[1,5)"),
    ("tstzrange", "[2026-01-01 00:00+00,infinity)", '["2026-01-01 00:00:00+00",infinity)'),
    ("int4multirange", "{[1,3),[5,7)}", "{[1,3),[5,7)}"),
    ("floats", "[0.5,1.5)", "[0.5,1.5)"),
    ("json", '{"b": 1, "a": 2}', {"b": 1, "a": 2}),
    ("jsonb", f'{{"id": {BIG}, "x": [0.1234567890123456789, 1e400]}}', None),
    ("jsonb", f'{{"id": {BIG}, "s": "{BIG}"}}', {"id": str(BIG), "s": str(BIG)}),
    ("jsonb", "0.5", 0.5),
    ("jsonb", "[1, null, [true]]", [1, None, [True]]),
    ("jsonb", '"hello"', "hello"),
    ("mood", "so \"so\"", 'so "so"'),
    ("positive", "3", 3),
    ("pair", '("a,b",7)', '("a,b",7)'),
    ("int4[]", "{1,NULL,3}", [1, None, 3]),
    ("int4[]", "{}", []),
    ("int8[]", f"{{1,{BIG}}}", [1, str(BIG)]),
    ("int4[]", "[2:3]={7,8}", [7, 8]),
    ("int4[]", "{{1,2},{3,4}}", [[1, 2], [3, 4]]),
    ("numeric[]", "{1.5,NaN}", [1.5, "NaN"]),
    ("bool[]", "{t,f}", [True, False]),
    ("text[]", '{"a,b","NULL",NULL,"\\\\ \\"q\\"",""}', ["a,b", "NULL", None, '\\ "q"', ""]),
    ("bytea[]", '{"\\\\x00ff"}', ["\\x00ff"]),
    ("timestamptz[]", '{infinity,"2026-11-23 09:00:00+00"}', ["infinity", "2026-11-23T09:00:00+00:00"]),
    ("jsonb[]", '{"{\\"a\\": [1, 2]}","[1, 2]","\\"x\\"",NULL}', [{"a": [1, 2]}, [1, 2], "x", None]),
    ("box[]", "{(2,2),(1,1);(4,4),(3,3)}", ["(2,2),(1,1)", "(4,4),(3,3)"]),
    ("mood[]", '{sad,"so \\"so\\""}', ["sad", 'so "so"']),
    ("moods", "{sad,ok}", ["sad", "ok"]),
    ("positive[]", "{1,2}", [1, 2]),
    ("pair[]", '{"(a,1)"}', ["(a,1)"]),
]  # fmt: skip
"""Type, what the server is told, what JSON comes (None: only that it goes back as it came)."""

SENT: list[tuple[str, Any, str]] = [
    ("jsonb", 5, "5"),
    ("jsonb", 1.5, "1.5"),
    ("jsonb", True, "true"),
    ("jsonb", "hello", '"hello"'),
    ("jsonb", "it's {not} json", '"it\'s {not} json"'),
    ("jsonb", "", '""'),
    ("jsonb", "NaN", '"NaN"'),
    ("jsonb", '{"a": 1}', '{"a": 1}'),
    ("jsonb", "5", "5"),
    ("jsonb", [], "[]"),
    ("jsonb", [1, "a", None, [2]], '[1, "a", null, [2]]'),
    ("jsonb", {"a": {"b": []}}, '{"a": {"b": []}}'),
    ("json", {"z": 1, "a": "ü"}, '{"z": 1, "a": "ü"}'),
    ("jsonb[]", [5, "x", {"a": 1}, [1, 2], None], '{5,"\\"x\\"","{\\"a\\": 1}","[1, 2]",NULL}'),
    ("text", 5, "5"),
    ("text", 1.0, "1"),
    ("text", 1e-7, "1e-7"),
    ("text", 1e21, "1e+21"),
    ("text", True, "true"),
    ("text", {"a": [1]}, '{"a": [1]}'),
    ("int4", "5", "5"),
    ("int4", 5.0, "5"),
    ("int8", str(BIG), str(BIG)),
    ("int8", BIG, str(BIG)),
    ("numeric", "0.1234567890123456789", "0.1234567890123456789"),
    ("float8", "Infinity", "Infinity"),
    ("bool", 1, "true"),
    ("bool", "no", "false"),
    ("numeric[]", [1, 1.5], "{1,1.5}"),
    ("text[]", [1, "a", True, None, {"b": 1}], '{1,a,true,NULL,"{\\"b\\": 1}"}'),
    ("text[]", '["a", "b,c"]', '{a,"b,c"}'),
    ("text[]", '{a,"b,c"}', '{a,"b,c"}'),
    ("int4[]", [["1", 2], [3, None]], "{{1,2},{3,NULL}}"),
    ("mood[]", ["sad", 'so "so"'], '{sad,"so \\"so\\""}'),
    ("bytea", "héllo\\", "\\x68c3a96c6c6f5c"),
    ("bytea", {"type": "Buffer", "data": [0, 255]}, "\\x00ff"),
    ("timestamptz", "2026-11-23T09:00:00.000Z", "2026-11-23 09:00:00+00"),
    ("interval", "P1M2DT3H", "1 mon 2 days 03:00:00"),
    ("time", "24:00", "24:00"),
    ("date", "0044-03-15 BC", "0044-03-15 BC"),
]  # fmt: skip
"""Type, JSON that is sent, what the server should have then."""


class Executor:
    """Sends statements, and reads what comes of them to the end."""

    def __init__(self, session: PostgresSession) -> None:
        self.session = session

    def execute(self, statement: Statement) -> list[Item]:
        return items_of(self.session.send(statement), 100)


@pytest.fixture(scope="module")
def connection(postgres_server: LocalSettings) -> Iterator[psycopg.Connection[Any]]:
    with (
        pytest.MonkeyPatch.context() as patch,
        psycopg.connect(postgres_server.postgres_url, autocommit=True) as made,
    ):
        patch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
        made.execute(SETUP.encode())
        opened = connect({"dsn": postgres_server.postgres_url}, seconds=30)
        opened.execute("SET search_path = kinds; SET TimeZone = 'UTC'")
        yield opened
        opened.close()
        made.execute("DROP SCHEMA kinds CASCADE")


@pytest.fixture
def executor(connection: psycopg.Connection[Any]) -> Executor:
    return Executor(PostgresSession(connection))


def value(executor: Executor, text: str, *values: Any) -> Any:
    """Return the one value of a statement's one row."""
    [row] = executor.execute(Statement(text, values))
    [found] = row["json"].values()
    return found


@pytest.mark.parametrize(("kind", "told", "expected"), READ)
def test_a_value_is_read_and_goes_back_as_it_came(executor: Executor, kind: str, told: str, expected: Any) -> None:
    read = value(executor, f"SELECT $1::text::{kind} AS v", told)
    json.dumps(read, allow_nan=False)
    if expected is not None:
        assert read == expected
        assert type(read) is type(expected)
    nested = kind in ("json", "jsonb") and str(BIG) in told
    if not nested:  # a number that is text inside a document stays text
        executor.execute(Statement(f"CREATE TEMP TABLE back (c {kind}, d {kind})", ()))
        executor.execute(Statement(f"INSERT INTO back SELECT $1, $2::text::{kind}", (read, told)))
        kept, first, again = executor.execute(Statement("SELECT c::text, d::text, c AS again FROM back", ()))[0][
            "json"
        ].values()
        executor.execute(Statement("DROP TABLE back", ()))
        # Spaces in `json`, zeros behind a numeric's last digit and an array's lower bound are no part of JSON's values.
        assert kept == first or kind == "json" or told in ("12.50", "[2:3]={7,8}")
        assert again == read


@pytest.mark.parametrize(("kind", "sent", "expected"), SENT)
def test_a_value_is_sent_as_the_type_asks(executor: Executor, kind: str, sent: Any, expected: str) -> None:
    executor.execute(Statement(f"CREATE TEMP TABLE sent (c {kind})", ()))
    try:
        for statement in (
            Statement("INSERT INTO sent VALUES ($1)", (sent,)),
            Statement("UPDATE sent SET c = $1", (sent,), ("c",)),
        ):
            executor.execute(statement)
            assert value(executor, f"SELECT c::text = $1::text::{kind}::text FROM sent", expected) is True
    finally:
        executor.execute(Statement("DROP TABLE sent", ()))


@pytest.mark.parametrize("kind", ["int4", "text", "jsonb", "json", "bytea", "int4[]", "jsonb[]", "timestamptz", "mood"])
def test_null_is_null(executor: Executor, kind: str) -> None:
    assert value(executor, f"SELECT $1::{kind} IS NULL", None) is True


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("SELECT count(*) FROM generate_series(1, 3) x WHERE x = $1", ["2"], 1),
        ("SELECT 1 WHERE '5'::text = $1", [5], 1),
        ("SELECT 1 WHERE 5 = $1", ["5"], 1),
        ("SELECT 1 WHERE 1.5 = ANY($1)", [[1, 1.5]], 1),
        ("SELECT 1 WHERE 'a' = ANY($1::text[])", [[1, "a", None]], 1),
        ("SELECT '{\"a\": [1, 2]}'::jsonb @> $1", [{"a": [1]}], True),
        ("SELECT '{\"a\": 1}'::jsonb ? 'a' AND 5 % 2 = 1 AND 'x' LIKE '%'", [], True),
        ("SELECT $1", [5], 5),
        ("SELECT $1", [0.1], 0.1),
        ("SELECT $1", [True], True),
        ("SELECT $1", ["5"], "5"),
        ("SELECT $1", [{"z": 1, "a": [2]}], {"z": 1, "a": [2]}),
        ("SELECT $1", [[1, 2]], [1, 2]),
        ("SELECT $1 IS NULL", [None], True),
        ("SELECT to_jsonb($1)", [5], 5),
        ("SELECT to_jsonb($1)", [[1, "a"]], [1, "a"]),
        ("SELECT jsonb_build_object('a', $1, 'b', $2)", [1, "x"], {"a": 1, "b": "x"}),
        ("SELECT to_char($1, 'FM000')", [7], "007"),
        ("SELECT CASE WHEN $1 IS NOT NULL THEN 1 ELSE 0 END", ["x"], 1),
        ("SELECT coalesce(NULL::text, $1)", [5], "5"),
        ("SELECT 'n' || $1", [5], "n5"),
        ("SELECT now() - $1::interval < now()", ["1 day"], True),
        ("SELECT 1 LIMIT $1", ["1"], 1),
        ("/* $9 */ SELECT '$9' || $1; -- the end", ["x"], "$9x"),
        ("SELECT (ROW(1, 'a'))", [], "(1,a)"),
        ("SELECT 1::int8 + count(*) FROM generate_series(1, 2)", [], 3),
    ],
)
def test_the_server_says_what_it_takes_values_for(
    executor: Executor, text: str, values: list[Any], expected: Any
) -> None:
    found = value(executor, text, *values)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "values", "kind", "words"),
    [
        ("SELECT $1::int", ["x"], DatabaseError, 'type integer: "x"'),
        ("SELECT $1::int", [1.5], DatabaseError, 'type integer: "1.5"'),
        ("SELECT $1::int", [True], DatabaseError, 'type integer: "true"'),
        ("SELECT $1::int[]", [[1, "a"]], DatabaseError, 'type integer: "a"'),
        ("SELECT $1::int[]", [[[1], [2, 3]]], DatabaseError, "22P02"),
        ("SELECT $1::int[]", [5], DatabaseError, "malformed array"),
        ("SELECT 1 WHERE 1 IN ($1)", [[1, 2]], ParameterInvalid, r"\$1 is a list, but the database expects int4"),
        ("SELECT $1::date", [{"a": 1}], ParameterInvalid, "is an object, but the database expects date"),
        ("SELECT $1::int, $2::int", [1], ParameterInvalid, "places for 2 values .* but 1 are given"),
        ("SELECT 1", [1], ParameterInvalid, "places for 0 values .* but 1 are given"),
        ("SELECT 1; SELECT 2", [], DatabaseError, "multiple commands"),
        ("SELECT $1::bytea", ["\\xzz"], DatabaseError, "hexadecimal"),
        ("SELECT $1::jsonb", ['"\\u0000"'], DatabaseError, "22P05"),
        ("SELECT $1::text", ["a\0b"], DatabaseError, "NUL"),
        ("SELECT $1::text", ["\ud83d"], DatabaseError, "cannot be sent"),
        ("SELECT $1::jsonb", [["\ud83d"]], DatabaseError, "cannot be sent"),
        ("SELECT missing($1)", [1], DatabaseError, "42883"),
    ],
)
def test_what_cannot_be_taken_is_said(
    executor: Executor, text: str, values: list[Any], kind: type[NodeError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        executor.execute(Statement(text, tuple(values)))
    assert value(executor, "SELECT 1") == 1


PROPERTY = settings(max_examples=100)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@PROPERTY
@given(document=st.lists(_JSON, max_size=4) | st.dictionaries(_TEXTS, _JSON, max_size=4))
def test_documents_come_back_as_they_went(executor: Executor, document: Any) -> None:
    for kind in ("json", "jsonb"):
        assert value(executor, f"SELECT $1::{kind}", document) == document


@PROPERTY
@given(texts=st.lists(_TEXTS | st.none(), max_size=5), numbers=st.lists(_NUMBERS | st.none(), min_size=1, max_size=5))
def test_lists_come_back_as_they_went(executor: Executor, texts: list[Any], numbers: list[Any]) -> None:
    assert value(executor, "SELECT $1::text[]", texts) == texts
    assert value(executor, "SELECT $1::float8[]", numbers) == numbers
    assert value(executor, "SELECT $1::text[]", [numbers, numbers]) is not None
    assert value(executor, "SELECT $1::jsonb[]", [texts, {"a": numbers}, 5]) == [texts, {"a": numbers}, 5]


@PROPERTY
@given(number=st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_are_found_again_by_what_was_read(executor: Executor, number: int) -> None:
    read = value(executor, "SELECT $1::int8", number)
    assert read == (number if abs(number) < 2**53 else str(number))
    for kind in ("int8", "numeric"):
        assert value(executor, f"SELECT ({number})::{kind} = $1", read) is True
    assert value(executor, "SELECT to_jsonb($1::int8)::text", read) == str(number)
