"""The Airtable trigger against a server that answers as Airtable documents."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.apps.airtable.triggers.records import trigger
from functions.nodes.apps.airtable.triggers.records.spec import SPEC
from stepweave.runtime.http import operations
from tests.fakes import steps
from tests.fakes.airtable import BASE_URL, TOKEN, Airtable
from tests.fakes.asks import AskBench
from tests.fakes.web import Web

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
PARAMS = {"credential": "c", "base": "app1", "table": "Orders"}
CHANGED = {**PARAMS, "event": "changed", "changedAt": "Changed"}


@pytest.fixture
def airtable(web: Web, monkeypatch: pytest.MonkeyPatch) -> Airtable:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v0"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(trigger, "now", lambda: START)
    return Airtable(web, "/v0")


class Watching:
    """Asks as the platform does, and keeps the cursor."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.bench = AskBench(SPEC, {"poll": trigger.poll})
        self.bench.outside.credentials["c", "airtable_token"] = {"token": TOKEN}
        self.bench.outside.turns = [{"given": True, "wait": 0}] * 500
        self.params = params
        self.cursor = self.asked(first=True)["cursor"]

    def asked(self, limit: int = 50, **given: Any) -> Any:
        return self.bench("poll", self.params, limit=limit, **{"cursor": None, "first": False, **given})

    def news(self, limit: int = 50) -> list[str]:
        answer = self.asked(limit, cursor=self.cursor)
        self.cursor, self.more = answer["cursor"], answer["more"]
        return [one["id"] for one in answer["items"]]


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_each_new_record_comes_once_and_the_oldest_first(airtable: Airtable) -> None:
    airtable.add(at(-3600))
    airtable.add(at(-60))
    watch = Watching(PARAMS)
    assert watch.news() == []
    airtable.add(at(20))
    airtable.add(at(10))
    assert watch.news() == ["rec4", "rec3"]
    assert watch.news() == []
    airtable.add(at(15))  # which lists did not have before
    assert watch.news() == ["rec5"]


def test_more_than_fit_come_with_the_next_polls(airtable: Airtable) -> None:
    watch = Watching(PARAMS)
    for second in range(1000, 1250):
        airtable.add(at(second))
    found = []
    for _ in range(5):
        found += watch.news(60)
    assert found == [f"rec{number}" for number in range(1, 251)]
    assert not watch.more


def test_more_than_can_be_remembered_are_lost_no_more(airtable: Airtable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigger, "MOST_LISTED", 5)
    watch = Watching(PARAMS)
    for second in range(12):
        airtable.add(at(second * 600))
    found: list[str] = []
    for _ in range(6):
        found += watch.news()
    assert found == [f"rec{number}" for number in range(1, 13)]


def test_a_change_starts_once_and_another_one_again(airtable: Airtable) -> None:
    id = airtable.add(at(-9000), Changed=at(-9000))
    watch = Watching(CHANGED)
    airtable.records[id]["fields"]["Changed"] = at(30)
    assert (watch.news(), watch.news()) == ([id], [])
    airtable.records[id]["fields"]["Changed"] = at(31)
    assert watch.news() == [id]


def test_the_formula_and_the_view_go_along(airtable: Airtable) -> None:
    Watching({**PARAMS, "formula": '{Status}="Done"', "view": "viw1"})
    body = airtable.asked[0][2]
    since = "2026-11-30T08:58:00.000Z"
    assert body["view"] == "viw1"
    assert body["filterByFormula"] == (
        f'AND(NOT(IS_BEFORE(CREATED_TIME(),DATETIME_PARSE("{since}"))),{{Status}}="Done")'
    )


def test_a_sample_is_there_for_who_builds_a_workflow(airtable: Airtable) -> None:
    airtable.add(at(-9000))
    airtable.add(at(-8000))
    watch = Watching(PARAMS)
    assert [one["id"] for one in watch.asked(limit=1)["items"]] == ["rec1"]
    assert watch.asked(limit=5)["items"][-1]["id"] == "rec2"


def test_a_change_needs_a_field_that_tells_of_it(airtable: Airtable) -> None:
    watch = Watching(PARAMS)
    error = watch.bench.error("poll", {**CHANGED, "changedAt": ""}, limit=5, cursor=None, first=True)
    assert error["details"]["field"] == "params.changedAt"


def test_a_table_that_is_filled_at_once_comes_whole(airtable: Airtable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigger, "MOST_LISTED", 5)
    watch = Watching(PARAMS)
    for _ in range(17):
        airtable.add(at(1))
    found: list[str] = []
    for _ in range(6):
        found += watch.news(3)
    assert sorted(found) == sorted(f"rec{number}" for number in range(1, 18))
