"""The Notion trigger against a server that answers as Notion documents."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.apps.notion.triggers.pages import trigger
from functions.nodes.apps.notion.triggers.pages.spec import SPEC
from stepweave.runtime.http import operations
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.notion import BASE_URL, SOURCE, TOKEN, Notion
from tests.fakes.web import Web

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
PARAMS = {"credential": "c", "database": SOURCE}
CHANGED = {**PARAMS, "event": "changed"}


@pytest.fixture
def notion(web: Web, monkeypatch: pytest.MonkeyPatch) -> Notion:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(trigger, "now", lambda: START)
    return Notion(web, "/v1")


class Watching:
    """Asks as the platform does, and keeps the cursor."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.bench = AskBench(SPEC, {"poll": trigger.poll})
        self.bench.outside.credentials["c", "notion_token"] = {"token": TOKEN}
        self.bench.outside.turns = [{"given": True, "wait": 0}] * 500
        self.params = params
        self.cursor = self.asked(first=True)["cursor"]

    def asked(self, limit: int = 50, **given: Any) -> Any:
        return self.bench("poll", self.params, limit=limit, **{"cursor": None, "first": False, **given})

    def news(self, limit: int = 50) -> list[str]:
        answer = self.asked(limit, cursor=self.cursor)
        self.cursor = answer["cursor"]
        return [one["id"] for one in answer["items"]]


def at(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_each_new_page_comes_once_and_the_oldest_first(notion: Notion) -> None:
    notion.add(at(-600))
    notion.add(at(0))
    watch = Watching(PARAMS)
    assert watch.news() == []
    second, first = notion.add(at(2)), notion.add(at(1))
    assert watch.news() == [first, second]
    late = notion.add(at(1))  # which lists did not have before
    assert (watch.news(), watch.news()) == ([late], [])


def test_two_changes_in_one_minute_are_two(notion: Notion) -> None:
    id = notion.add(at(-600), Age=1)
    watch = Watching(CHANGED)
    page = notion.pages[id]
    page["last_edited_time"] = at(1)
    assert (watch.news(), watch.news()) == ([id], [])
    page["properties"]["Age"]["number"] = 2  # in the same minute
    assert (watch.news(), watch.news()) == ([id], [])


def test_what_changes_by_itself_is_no_change(notion: Notion) -> None:
    file = {"name": "a", "type": "file", "file": {"url": "https://s3/a?sig=1"}}
    id = notion.add(at(1), Files=[file], Twice={"type": "string", "string": "1 minute ago"})
    watch = Watching(CHANGED)
    properties = notion.pages[id]["properties"]
    properties["Files"]["files"] = [{**file, "file": {"url": "https://s3/a?sig=2"}}]
    properties["Twice"]["formula"]["string"] = "2 minutes ago"
    assert watch.news() == []


def test_a_database_that_is_filled_at_once_comes_whole(notion: Notion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigger, "MOST_LISTED", 5)
    watch = Watching(PARAMS)
    ids = [notion.add(at(1)) for _ in range(17)]
    found: list[str] = []
    for _ in range(7):
        found += watch.news(3)
    assert sorted(found) == sorted(ids)


def test_a_sample_is_there_for_who_builds_a_workflow(notion: Notion) -> None:
    notion.add(at(-9000))
    newest = notion.add(at(-8000), Age=7)
    watch = Watching(PARAMS)
    [page] = watch.asked(limit=1)["items"]
    assert (page["id"], page["properties"]["Age"]) == (newest, 7)
