"""What is recorded is JSON that Postgres takes and that can be read again."""

import json
from typing import Any

import psycopg
import pytest

from stepweave.model.depth import CUT
from stepweave_data.history.stored_json import MOST_DEPTH, json_text
from tests.core.model.test_depth import nested
from tests.fixtures.servers import Databases


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"zeta": 1, "a": 2, "10": 3, "9": 4}, {"zeta": 1, "a": 2, "10": 3, "9": 4}),
        ({"a\0": "b\0\0c", "\\u0000": "\\u0000"}, {"a�": "b��c", "\\u0000": "\\u0000"}),
        ({"half": "\ud83d", "\udc00": ["x\ud83dy"]}, {"half": "�", "�": ["x�y"]}),
        ([float("nan"), float("inf"), 10**400, 1.5], [None, None, None, 1.5]),
        ({"big": 2**63, "small": 0.1}, {"big": 2**63, "small": 0.1}),
    ],
)
def test_what_postgres_cannot_hold_is_mended(databases: Databases, value: Any, expected: Any) -> None:
    text = json_text(value)
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute("SELECT %s::json, %s::jsonb", (text, text)).fetchone()
    assert row is not None
    assert row == (expected, expected)
    assert json.dumps(row[0]) == json.dumps(expected)


@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 900, 5000])
def test_what_lies_too_deep_is_cut(depth: int) -> None:
    assert CUT in json_text(nested(depth))
    assert CUT not in json_text(nested(MOST_DEPTH))
