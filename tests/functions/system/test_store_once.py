"""The store does what is retried once, and answers as far as time and room go."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.system.store import serving
from functions.system.store.serving import serve
from stepweave.aws import AwsError
from stepweave.runtime import storing
from stepweave.runtime.storing import Store, StoreUnavailable, once
from stepweave_data.link import Link
from stepweave_data.store import rows, tables
from tests.functions.system.stored import Stage
from tests.functions.system.test_store import key, refused, stage

__all__ = ["stage"]  # the fixture


@pytest.mark.parametrize(
    ("operation", "look"),
    [
        ({"do": "increment", **key(), "by": 2}, {"do": "get", **key()}),
        ({"do": "insert", "table": "t", "values": {"a": 1}, "missing": "create"}, {"do": "count", "table": "t"}),
        ({"do": "set", **key(), "value": 1, "ifAbsent": True}, {"do": "get", **key()}),
    ],
)
def test_a_retry_whose_first_answer_was_lost_does_nothing_twice(
    stage: Stage, operation: dict[str, Any], look: dict[str, Any]
) -> None:
    named = {**operation, "once": once(str(uuid.uuid4()), "it", "k")}
    stage.outside.lost = 1
    with pytest.raises(StoreUnavailable):
        stage.store.do(named)
    first, seen = stage.store.do(named), stage.store.do(look)
    assert (stage.store.do(named), stage.store.do(look)) == (first, seen)
    assert (first.get("value", 2) in (1, 2), first.get("stored", True)) == (True, True)


def test_two_tries_at_once_do_it_once(stage: Stage) -> None:
    named = {"do": "increment", **key(), "by": 1, "once": "same"}

    def ask(_: int) -> Any:
        link = Link(stage.databases.app)
        try:
            return serve({"tenantId": str(stage.tenant.id), "operations": [named]}, link)["results"][0]["value"][
                "value"
            ]
        finally:
            link.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(16))) == {1}


def test_what_is_refused_leaves_nothing_and_may_be_done_later(stage: Stage) -> None:
    stage.store.do({"do": "set", **key(), "value": "a"})
    wanted = {"do": "increment", **key(), "by": 1, "once": "o"}
    refused(stage, wanted)
    stage.store.do({"do": "set", **key(), "value": 5})
    assert stage.store.do(wanted)["value"] == 6


def test_operations_stop_at_the_first_refused_where_asked_and_when_time_ends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [{"do": "set", **key(name), "value": 1} for name in ("a", "", "b")]
    told = [getattr(result, "message", "done") for result in stage.store.each(wanted, stop=True)]
    assert told == ["done", "The key is empty or no text."]
    assert len(list(stage.store.each(wanted, stop=False))) == 3
    monkeypatch.setattr(serving, "SECONDS", -1.0)
    before = len(stage.outside.requests)
    assert len(list(stage.store.each(wanted, stop=False))) == 3
    assert len(stage.outside.requests) == before + 3


def test_a_request_is_cut_where_operations_are_large_and_an_answer_where_values_are(stage: Stage) -> None:
    wanted = [{"do": "set", **key(str(number)), "value": "x" * 250_000} for number in range(18)]
    assert len(list(stage.store.each(wanted, stop=True))) == 18
    assert [len(request["operations"]) for request in stage.outside.requests] == [8, 8, 2]
    stage.outside.requests.clear()
    found = list(stage.store.each([{"do": "get", **key(str(number))} for number in range(18)], stop=True))
    assert [len(one["value"]) for one in found] == [250_000] * 18
    assert len(stage.outside.requests) == 2


def test_a_function_that_fails_says_so_without_the_tenants_data(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: dict[str, Any]) -> Any:
        raise AwsError("FunctionError", "OperationalError: secret words", status=200)

    with pytest.raises(StoreUnavailable, match="FunctionError") as raised:
        Store(fail, str(stage.tenant.id)).do({"do": "stores"})
    assert ("secret" in str(raised.value), raised.value.retryable) == (False, True)
    monkeypatch.delenv("STEPWEAVE_STORE_FUNCTION", raising=False)
    with pytest.raises(StoreUnavailable, match="STEPWEAVE_STORE_FUNCTION"):
        storing.store_function()({})


def test_rows_and_columns_and_tables_are_limited(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = {"do": "insert", "table": "t", "values": {"a": 1}, "missing": "create"}
    monkeypatch.setattr(rows, "MOST_ROWS", 1)
    monkeypatch.setattr(tables, "MOST_TABLES", 1)
    monkeypatch.setattr(tables, "MOST_COLUMNS", 2)
    stage.store.do(insert)
    full = storing.StoreFull
    assert type(refused(stage, insert)) is full
    assert type(refused(stage, {**insert, "table": "u"})) is full
    assert type(refused(stage, {**insert, "values": {"b": 1, "c": 1}})) is full
    assert stage.store.do({"do": "columns", "table": "T"}) == [{"name": "a", "type": "number"}]
