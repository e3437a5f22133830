"""The Excel node against a server that answers as Microsoft Graph documents (learn.microsoft.com/graph)."""

from typing import Any

import pytest

from functions.nodes.apps.microsoft.nodes.excel import grid as grids
from functions.nodes.apps.microsoft.nodes.excel.addresses import area_of, letters
from functions.nodes.apps.microsoft.nodes.excel.options import LOADERS
from functions.nodes.apps.microsoft.nodes.excel.run import run
from functions.nodes.apps.microsoft.nodes.excel.spec import SPEC
from functions.nodes.apps.microsoft.nodes.excel.values import cell_of, key_of
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpServerError
from stepweave.runtime.options import options
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.microsoft import BASE_URL, TOKEN, Graph, Refused
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web
from tests.fakes.workbooks import Workbook

ONE = items({})
GO_ON = {"onError": "continue", "maxAttempts": 1}
CELLS = [{"name": "Email", "value": "{{ $json.email }}"}, {"name": "Total", "value": "{{ $json.total }}"}]


@pytest.fixture
def graph(web: Web, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1.0"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Graph(web, "/v1.0")


@pytest.fixture
def book(graph: Graph) -> Workbook:
    made = Workbook(graph)
    made.table("Customers", "My Sheet", ["Email", "Total", "Note"], ["ada@x.y", 1, "a"], ["bob@x.y", 2, "b"])
    return made


@pytest.fixture
def node(book: Workbook) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}
    return made


def params(operation: str, rows: str = "Customers", resource: str = "row", **more: Any) -> dict[str, Any]:
    where = {"credential": "c", "workbook": "01ABC", "resource": resource, "operation": operation}
    return {**where, **({"rows": rows} if resource == "row" else {}), **more}


def people(*pairs: tuple[Any, Any]) -> Any:
    return items(*({"email": email, "total": total} for email, total in pairs))


@pytest.mark.parametrize("rows", ["Customers", "My Sheet!", "'My Sheet'!A1:C3", "My Sheet!A1:C900", "My Sheet!A:$C"])
def test_rows_are_read_from_a_table_a_worksheet_or_a_part_of_one(node: Bench, rows: str) -> None:
    assert node.json(params("list", rows, returnAll=True), ONE) == [
        {"Email": "ada@x.y", "Total": 1, "Note": "a", "rowNumber": 2},
        {"Email": "bob@x.y", "Total": 2, "Note": "b", "rowNumber": 3},
    ]


def test_many_rows_are_read_in_parts_and_no_more_than_needed(
    graph: Graph, book: Workbook, node: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grids, "_CELLS", 30)
    book.fill("Long", ["A", "B", "C"], *([number, "", "x"] for number in range(95)))
    book.fill("Long", ["", "", ""], top=20)
    found = node.json(params("list", "Long!", returnAll=True), ONE)
    assert [one["A"] for one in found] == [number for number in range(95) if number != 18]
    asked = len(graph.asked)
    assert len(node.json(params("list", "Long!", limit=5), ONE)) == 5
    assert len(graph.asked) - asked == 3


def test_columns_without_a_name_and_with_the_same_one_are_told_apart(book: Workbook, node: Bench) -> None:
    book.fill("Odd", ["Name", "", "Name", "Name"], [1, 2, 3, 4])
    assert node.json(params("list", "Odd!"), ONE) == [{"Name": 1, "B": 2, "Name (2)": 3, "Name (3)": 4, "rowNumber": 2}]


def test_items_are_appended_to_a_table_in_one_request(graph: Graph, book: Workbook, node: Bench) -> None:
    found = node.json(params("append", cells=CELLS), people(("c@x.y", 3), ("d@x.y", 4)))
    assert [(one["Email"], one["rowNumber"]) for one in found] == [("c@x.y", 4), ("d@x.y", 5)]
    assert book.rows("My Sheet")[3:] == [["c@x.y", 3, ""], ["d@x.y", 4, ""]]
    assert [method for method, _, _ in graph.asked] == ["GET", "GET", "POST"]


def test_items_are_appended_below_what_is_used_of_a_worksheet(book: Workbook, node: Bench) -> None:
    found = node.json(params("append", "My Sheet!", cells=CELLS), people(("c@x.y", 3), ("d@x.y", 4)))
    assert [one["rowNumber"] for one in found] == [4, 5]
    assert book.rows("My Sheet")[3:] == [["c@x.y", 3, ""], ["d@x.y", 4, ""]]


def test_what_stands_below_a_part_of_a_worksheet_is_not_written_over(book: Workbook, node: Bench) -> None:
    book.fill("My Sheet", ["total", "", ""], top=5)
    node(params("append", "My Sheet!A1:C3", cells=CELLS), people(("c@x.y", 3)))
    assert book.rows("My Sheet")[3] == ["c@x.y", 3, ""]
    with pytest.raises(ParameterInvalid, match=r"in A4:C5, other cells are filled in"):
        node(params("append", "My Sheet!A1:C3", cells=CELLS), people(("d@x.y", 4), ("e@x.y", 5)))
    assert book.rows("My Sheet")[4] == ["total", "", ""]


def test_columns_that_are_not_given_are_left_to_excel(graph: Graph, node: Bench) -> None:
    node(params("append", cells=CELLS), people(("c@x.y", 3)))
    assert graph.asked[-1][2]["values"] == [["c@x.y", 3, None]]


def test_an_empty_worksheet_gets_names_and_one_with_names_alone_its_first_row(book: Workbook, node: Bench) -> None:
    book.sheets["New"] = {}
    found = node.json(params("append", "New!", values="{{ $json }}"), items({"A": 1, "B": 2}, {"A": 3, "B": 4}))
    assert (book.rows("New"), found[1]["rowNumber"]) == ([["A", "B"], [1, 2], [3, 4]], 3)
    book.fill("Names", ["A", "B"])
    node(params("append", "Names!", values="{{ $json }}"), items({"A": 1, "B": 2}))
    assert book.rows("Names") == [["A", "B"], [1, 2]]


def test_a_column_that_is_not_there_fails_that_item_alone(book: Workbook, node: Bench) -> None:
    rows = items({"Email": "c@x.y"}, {"Emial": "d@x.y"}, {"Email": "e@x.y"})
    found = node.json(params("append", values="{{ $json }}"), rows, settings=GO_ON)
    assert [one.get("rowNumber") for one in found] == [4, None, 5]
    assert "there is no column Emial" in found[1]["error"]["message"]


def test_rows_are_changed_where_a_column_has_the_value(book: Workbook, node: Bench) -> None:
    book.table(
        "Customers",
        "My Sheet",
        ["Email", "Total", "Note"],
        ["ADA@x.y ", 1, "a"],
        ["bob@x.y", 2, "b"],
        ["ada@x.y", 3, "c"],
    )
    found = node.json(
        params("update", match="Email", cells=CELLS), people(("ada@x.y", 9), ("no@x.y", 1)), settings=GO_ON
    )
    assert (found[0]["rowNumber"], found[0]["rows"]) == (2, 2)
    assert found[1]["error"]["type"] == "RowNotFound"
    assert [row[1:] for row in book.rows("My Sheet")[1:]] == [[9, "a"], [2, "b"], [9, "c"]]


@pytest.mark.parametrize("rows", ["Customers", "My Sheet!"])
def test_rows_are_changed_or_appended_and_the_same_value_twice_is_one_row(
    book: Workbook, node: Bench, rows: str
) -> None:
    given = params("upsert", rows, match="Email", cells=CELLS)
    found = node.json(given, people(("ada@x.y", 9), ("new@x.y", 1), ("new@x.y", 2)))
    assert [(one["appended"], one["rowNumber"]) for one in found] == [(False, 2), (True, 4), (False, 4)]
    assert book.rows("My Sheet")[1:] == [["ada@x.y", 9, "a"], ["bob@x.y", 2, "b"], ["new@x.y", 2, ""]]
    assert [one["appended"] for one in node.json(given, people(("new@x.y", 2), ("NEW@x.y", 2)))] == [False, False]


def test_numbers_are_found_however_they_are_written(book: Workbook, node: Bench) -> None:
    cells = [{"name": "Total", "value": "{{ $json.n }}"}, {"name": "Note", "value": "x"}]
    node(params("update", match="Total", cells=cells), items({"n": "2"}, {"n": 1.0}))
    assert [row[2] for row in book.rows("My Sheet")[1:]] == ["x", "x"]
    assert (key_of(5), key_of("5"), key_of(5.0), key_of(None), key_of(True)) == ("5", "5", "5", "", "true")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+49 30 123", "'+49 30 123"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("-5", "-5"),
        ("+1.5e3", "+1.5e3"),
        ("00123", "'00123"),
        ("0", "0"),
        ("12345678901234567", "'12345678901234567"),
        (12345678901234567, "'12345678901234567"),
        ("'quoted", "''quoted"),
        ("2026-12-31", "2026-12-31"),
        (True, True),
        (None, None),
        ({"a": "ü"}, '{"a": "ü"}'),
    ],
)
def test_a_value_stays_what_it_is(value: Any, sent: Any) -> None:
    assert cell_of(value, formulas=False) == sent


def test_formulas_are_written_where_that_is_wanted(book: Workbook, node: Bench) -> None:
    node(params("append", values={"Email": "=1+1", "Note": "@x"}, formulas=True), ONE)
    assert (book.formulas, book.rows("My Sheet")[3]) == (["=1+1"], ["#formula", "", "@x"])
    with pytest.raises(ParameterInvalid, match="Note: the text has 40000 characters"):
        node(params("append", values={"Note": "x" * 40_000}), ONE)


def test_rows_that_may_have_been_appended_are_not_appended_again(graph: Graph, book: Workbook, node: Bench) -> None:
    for refused, kind in (
        (Refused(504, "generalException", "Timed out"), "OutcomeUnknown"),
        (LOCKED, "HttpServerError"),
    ):
        ask = graph.done

        def done(method: str, path: str, body: Any, headers: Any, refused: Refused = refused, ask: Any = ask) -> Any:
            if method == "POST":
                raise refused
            return ask(method, path, body, headers)

        graph.done = done  # type: ignore[method-assign]
        with pytest.raises(NodeError) as error:
            node(params("append", cells=CELLS), people(("c@x.y", 3)))
        assert type(error.value).__name__ == kind
        graph.done = ask  # type: ignore[method-assign]


LOCKED = Refused(423, "resourceLocked", "The resource you are attempting to access is locked")


def test_a_locked_workbook_may_be_free_later(graph: Graph, node: Bench) -> None:
    graph.refuses = [LOCKED]
    with pytest.raises(HttpServerError, match="resourceLocked"):
        node(params("list"), ONE)
    graph.refuses = [Refused(409, "EditModeCannotAcquireLock", "Try again")]
    with pytest.raises(HttpServerError, match="EditModeCannotAcquireLock"):
        node(params("list"), ONE)


def test_addresses_are_read_and_written() -> None:
    assert str(area_of("'It''s mine'!$AA$3:AZ99")) == "AA3:AZ99"
    assert area_of("'It''s mine'!A1").sheet == "It's mine"
    assert [letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_what_is_no_place_is_said(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="A1-B2 are no cells"):
        node(params("list", "My Sheet!A1-B2"), ONE)
    with pytest.raises(ParameterInvalid, match="Known by: there is no column Mail"):
        node(params("update", match="Mail", cells=CELLS), people(("a", 1)))
    with pytest.raises(NodeError, match=r"Row: List: .*ItemNotFound"):
        node(params("list", "Custmers"), ONE)


def test_sheets_and_tables_are_made_listed_and_emptied(graph: Graph, book: Workbook, node: Bench) -> None:
    node(params("create", resource="sheet", sheetCreateName="December"), ONE)
    names = [one["name"] for one in node.json(params("list", resource="sheet", returnAll=True), ONE)]
    assert names == ["My Sheet", "December"]
    assert node.json(params("list", resource="table"), ONE)[0]["name"] == "Customers"
    [made] = node.json(params("create", resource="table", sheet="My Sheet", tableCreateArea="A1:C3"), ONE)
    assert made["asked"] == {"address": "A1:C3", "hasHeaders": True}
    node(params("clear", resource="sheet", sheet="My Sheet", sheetClearCells="A1:C3"), ONE)
    assert book.rows("My Sheet") == [[""]]


def test_a_drive_of_sharepoint_and_of_a_user_are_named(graph: Graph, node: Bench) -> None:
    node(params("list", drive="b!x_Y-1"), ONE)
    node(params("list", drive="ada@x.y"), ONE)
    assert {path.partition("/items")[0] for _, path, _ in graph.asked} == {"/drives/b!x_Y-1", "/users/ada@x.y/drive"}
    with pytest.raises(ParameterInvalid, match="the ID of a drive"):
        node(params("list", drive="a/b"), ONE)


def test_workbooks_places_and_columns_are_offered(graph: Graph, book: Workbook) -> None:
    form = AskBench(SPEC, {"options": options(LOADERS)})
    form.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}
    found = form("options", params("list"), loader="workbooks", search="o'neil")
    assert found == {"options": [{"value": "01Book.xlsx", "label": "Book.xlsx", "detail": "A"}]}
    assert graph.asked[-1][1] == "/me/drive/root/search(q='o''neil')"
    found = form("options", params("list"), loader="places")["options"]
    assert [(one["value"], one["detail"]) for one in found] == [("Customers", "table"), ("My Sheet!", "worksheet")]
    assert [one["value"] for one in form("options", params("append"), loader="columns")["options"]] == [
        "Email",
        "Total",
        "Note",
    ]
    assert [one["value"] for one in form("options", params("list"), loader="sheets")["options"]] == ["My Sheet"]
