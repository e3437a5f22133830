"""The Google Sheets trigger against a Google that follows its discovery documents."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.apps.google.triggers.sheets_rows.options import LOADERS
from functions.nodes.apps.google.triggers.sheets_rows.spec import SPEC
from functions.nodes.apps.google.triggers.sheets_rows.trigger import poll
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.google.server import Google
from tests.fakes.google.sheets import Sheet, Sheets
from tests.fakes.web import Web
from tests.functions.nodes.google import connected, google_at

ID = "sheet-1"


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def sheet(google: Google) -> Sheet:
    [made] = Sheets(google).book(ID, People=[["Id", "Name"], [1, "Ada"], [2, "Bob"]])
    return made


@pytest.fixture
def trigger(google: Google) -> AskBench:
    made = AskBench(SPEC, {"poll": poll, "options": options(LOADERS)})
    connected(made.outside)
    return made


class Watch:
    """A published trigger: `names()` polls, and gives the names in the rows that are new."""

    def __init__(self, trigger: AskBench, **params: Any) -> None:
        self.trigger, self.params = trigger, {"credential": "c", "spreadsheet": ID, "sheet": "People", **params}
        self.cursor = self.poll(first=True, limit=0)["cursor"]

    def poll(self, **more: Any) -> Any:
        given = {"cursor": getattr(self, "cursor", None), "first": False, "limit": 10, **more}
        return self.trigger("poll", self.params, **given)

    def names(self, **more: Any) -> list[str]:
        found = self.poll(**more)
        self.cursor = found["cursor"]
        return [row["Name"] for row in found["items"]]


@pytest.mark.parametrize("key", ["Id", ""])
def test_each_row_that_is_added_counts_once_wherever_it_stands(sheet: Sheet, trigger: AskBench, key: str) -> None:
    watch = Watch(trigger, key=key)
    assert watch.names() == []
    sheet.rows.insert(1, [3, "Cy"])
    sheet.rows.append([4, "Di"])
    assert watch.names(limit=1) == ["Cy"]
    assert watch.names() == ["Di"]
    del sheet.rows[2]
    sheet.rows[1:] = reversed(sheet.rows[1:])
    assert watch.names() == []


def test_a_change_counts_where_that_is_chosen(sheet: Sheet, trigger: AskBench) -> None:
    added, changed = Watch(trigger, key="Id"), Watch(trigger, key="Id", event="changed")
    sheet.put(1, 1, "Ada L.")
    assert (added.names(), changed.names(), changed.names()) == ([], ["Ada L."], [])


def test_a_row_counts_when_it_has_its_key_and_equal_rows_count_each(sheet: Sheet, trigger: AskBench) -> None:
    keyed, whole = Watch(trigger, key="Id"), Watch(trigger)
    sheet.rows += [["", "Eve"], [1, "Ada"], [1, "Ada"]]
    assert (keyed.names(), whole.names()) == (["Ada", "Ada"], ["Eve", "Ada", "Ada"])
    sheet.put(3, 0, 9)
    assert keyed.names() == ["Eve"]


def test_a_long_sheet_is_watched_at_its_end(sheet: Sheet, trigger: AskBench) -> None:
    sheet.row_count = 4000
    sheet.rows += [[n, f"n{n}"] for n in range(3, 2500)]
    watch = Watch(trigger, key="Id")
    sheet.rows.append([9999, "Last"])
    assert watch.names() == ["Last"]


def test_what_is_not_there_is_said_when_publishing(sheet: Sheet, trigger: AskBench) -> None:
    params = {"credential": "c", "spreadsheet": ID, "sheet": "People"}
    given = {"cursor": None, "first": True, "limit": 0}
    assert trigger.error("poll", {**params, "key": "Idd"}, **given)["type"] == "ColumnMissing"
    assert trigger.error("poll", {**params, "sheet": "Peple"}, **given)["type"] == "SheetMissing"
    assert trigger("poll", params, **given | {"first": False, "limit": 1})["items"][0]["Name"] == "Bob"
    found = trigger("options", params, loader="columns", search="", page="")
    assert [one["value"] for one in found["options"]] == ["Id", "Name"]
