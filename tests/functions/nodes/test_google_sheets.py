"""The Google Sheets node against a Google that follows its discovery documents, with the ways of its append."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.apps.google.errors import OutcomeUnknown
from functions.nodes.apps.google.nodes.sheets.errors import ColumnMissing, RowMissing, SheetMissing
from functions.nodes.apps.google.nodes.sheets.options import LOADERS
from functions.nodes.apps.google.nodes.sheets.run import run
from functions.nodes.apps.google.nodes.sheets.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.google.server import Google, Refused
from tests.fakes.google.sheets import Sheets
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.google import bench, connected, doing, google_at

ID = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
APPEND, WRITE = "sheets.spreadsheets.values.append", "sheets.spreadsheets.values.batchUpdate"
ADA, BOB = ["Ada", 36], ["Bob", 7]
ONE = items({})


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def sheets(google: Google) -> Sheets:
    return Sheets(google)


@pytest.fixture
def node(google: Google) -> Bench:
    return bench(SPEC, run)


def rows(operation: str, **more: Any) -> dict[str, Any]:
    return doing("row", operation, **{"spreadsheet": ID, "sheet": "People", **more})


def people(sheets: Sheets, *more: list[Any], header: list[Any] | None = None) -> Any:
    return sheets.book(ID, People=[header or ["Name", "Age"], *map(list, more)])[0]


# Reading


def test_rows_are_read_by_the_names_of_their_columns(sheets: Sheets, node: Bench) -> None:
    people(sheets, ADA, [], ["Bob"])
    assert node.json(rows("read"), ONE) == [
        {"Name": "Ada", "Age": 36, "row_number": 2},
        {"Name": "Bob", "Age": "", "row_number": 4},
    ]


def test_an_address_from_the_browser_is_a_spreadsheet(sheets: Sheets, node: Bench) -> None:
    people(sheets, ADA)
    url = f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit?gid=7#gid=7"
    assert len(node.json(rows("read", spreadsheet=url), ONE)) == 1
    with pytest.raises(ParameterInvalid, match="neither the ID nor the address"):
        node(rows("read", spreadsheet="https://example.com/x.xlsx"), ONE)


def test_names_of_columns_are_each_there_once(sheets: Sheets, node: Bench) -> None:
    people(sheets, [1, 2, 3, 4, 5, 6], header=["Name", "", "Name", "Name_2", "row_number", " Name "])
    [row] = node.json(rows("read"), ONE)
    assert row == {"Name": 1, "B": 2, "Name_2": 3, "Name_2_2": 4, "row_number_2": 5, "Name_3": 6, "row_number": 2}


def test_filters_compare_what_is_meant_and_not_its_type(sheets: Sheets, node: Bench) -> None:
    people(sheets, ["Ada", 36, True], ["Bob", "36", "x"], ["Cy", 7, False], header=["Name", "Age", "In"])
    found = node.json(rows("read", filters=[{"column": "Age", "value": "36"}]), ONE)
    assert [row["Name"] for row in found] == ["Ada", "Bob"]
    found = node.json(rows("read", filters=[{"column": "In", "value": True}]), ONE)
    assert [row["Name"] for row in found] == ["Ada"]
    with pytest.raises(ColumnMissing, match="no column “Aeg”: row 1 has “Name”, “Age”, “In”"):
        node(rows("read", filters=[{"column": "Aeg", "value": "1"}]), ONE)


def test_a_limit_asks_for_no_more_rows_than_it_needs(sheets: Sheets, node: Bench, web: Web) -> None:
    people(sheets, *(["x", n] for n in range(50)))
    assert len(node.json(rows("read", limit=3), ONE)) == 3
    assert "%27People%27%211%3A4" in web.asked[-1].path
    found = node.json(rows("read", limit=1, filters=[{"column": "Age", "value": "40"}]), ONE)
    assert [row["row_number"] for row in found] == [42]


def test_a_range_keeps_names_and_row_numbers(sheets: Sheets, node: Bench) -> None:
    people(sheets, ADA, BOB)
    assert node.json(rows("read", range="B3:B9"), ONE) == [{"Age": 7, "row_number": 3}]
    assert len(node.json(rows("read", range="A:B"), ONE)) == 2


def test_dates_and_formulas_are_read_as_is_chosen(sheets: Sheets, node: Bench) -> None:
    people(sheets, [{"date": 45413}, {"formula": "=1+41"}], header=["Day", "Sum"])
    assert node.json(rows("read"), ONE)[0] == {"Day": "2024-05-01", "Sum": 42, "row_number": 2}
    assert node.json(rows("read", render="FORMATTED_VALUE"), ONE)[0]["Sum"] == "42"
    assert node.json(rows("read", render="FORMULA"), ONE)[0]["Sum"] == "=1+41"


def test_an_empty_sheet_has_no_rows(sheets: Sheets, node: Bench) -> None:
    sheets.book(ID, People=[])
    assert node.json(rows("read"), ONE) == []


@pytest.mark.parametrize("name", ["Bob's (2024)!", "A1", "a/../b", "R1C1", "9/1/2016 12:38", "Ünï & Co?"])
def test_a_sheet_may_have_any_name(sheets: Sheets, node: Bench, name: str) -> None:
    there: dict[str, list[list[Any]]] = {"Other": [["x"]], name.replace(" ", "_"): [["Name", "Age"], ADA]}
    sheets.book(ID, **there)
    assert node.json(rows("read", sheet=name), ONE) == [{"Name": "Ada", "Age": 36, "row_number": 2}]
    assert node.json(rows("append", sheet=name), items({"Name": "Bob", "Age": 1}))[0]["row_number"] == 3


def test_a_sheet_that_is_missing_is_named_beside_those_there_are(sheets: Sheets, node: Bench) -> None:
    sheets.book(ID, People=[], More=[])
    with pytest.raises(SheetMissing, match="Row: Read: The spreadsheet has no sheet “Peple”; it has “People”, “More”"):
        node(rows("read", sheet="Peple"), ONE)


# Appending


def test_many_items_are_appended_with_one_request(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA)
    found = node.json(rows("append"), items(*({"Age": n, "Name": f"n{n}"} for n in range(500))))
    assert (found[0], found[-1]["row_number"]) == ({"Name": "n0", "Age": 0, "row_number": 3}, 502)
    assert (sheet.rows[2], sheets.google.count(APPEND), len(sheets.google.asked)) == (["n0", 0], 1, 2)


def test_mapped_columns_are_found_where_they_are_now(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, header=["Age", "New", "Name"])
    columns = [{"name": "Name", "value": "{{ $json.n }}"}, {"name": "Age", "value": "{{ $json.a }}"}]
    node(rows("append", columns=columns), items({"n": "Ada", "a": 36, "other": 1}))
    assert sheet.plain()[1] == [36, "", "Ada"]


def test_a_column_that_was_renamed_is_an_error_and_nothing_is_written(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, header=["Full name", "Age"])
    with pytest.raises(ColumnMissing, match="no column “Name”") as refused:
        node(rows("append"), items({"Name": "Ada", "Age": 1}))
    assert refused.value.details["columns"] == ["Full name", "Age"]
    assert sheet.plain() == [["Full name", "Age"]]


def test_columns_that_are_not_there_may_be_left_out_or_added(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets)
    given = items({"Name": "Ada", "Town": "London"})
    node(rows("append", newColumns="ignore"), given)
    assert sheet.plain()[1:] == [["Ada"]]
    found = node.json(rows("append", newColumns="add"), given)
    assert sheet.plain()[0] == ["Name", "Age", "Town"]
    assert (sheet.plain()[2], found[0]) == (
        ["Ada", "", "London"],
        {"Name": "Ada", "Town": "London", "row_number": 3},
    )


def test_an_empty_sheet_gets_its_header(sheets: Sheets, node: Bench) -> None:
    [sheet] = sheets.book(ID, People=[])
    with pytest.raises(ColumnMissing, match="row 1 is empty"):
        node(rows("append"), items({"Name": "Ada"}))
    found = node.json(rows("append", newColumns="add"), items({"Name": "Ada"}, {"Name": "Bob", "Age": 7}))
    assert sheet.plain() == [["Name", "Age"], ["Ada"], ["Bob", 7]]
    assert [row["row_number"] for row in found] == [2, 3]


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ([["", "Name", "Age"], ["", "Ada", 1]], ["", "Eve", 5]),
        ([["Name", "Age"], ["Ada", 1], [], ["", 2]], ["Eve", 5]),
        ([["Name", "Age"], ["", ""], ["", 9]], ["Eve", 5]),
        ([["", "Name", "Age"], ["note", "Ada", 1]], ["", "Eve", 5]),
        ([["Name", "Age"], *(["x", n] for n in range(300))], ["Eve", 5]),
    ],
)
def test_a_row_lands_below_the_last_one_and_in_its_columns(
    sheets: Sheets, node: Bench, there: list[list[Any]], then: list[Any]
) -> None:
    [sheet] = sheets.book(ID, People=[list(line) for line in there])
    [row] = node.json(rows("append"), items({"Name": "Eve", "Age": 5}))
    assert sheet.plain() == [*there[:1], *sheet.plain()[1 : len(there)], then]
    assert row["row_number"] == len(there) + 1
    assert [line for line in sheet.plain()[: len(there)] if "Eve" in line] == []


def test_text_stays_text_unless_it_is_to_be_read_as_typed(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, header=["V"])
    given = items(*({"V": value} for value in ("=IMPORTXML(1)", "00123", "2024-05-01", "+49 30 1", "-5", True)))
    for values in ("raw", "typed", "formulas"):
        node(rows("append", values=values), given)
    cells = [line[0] for line in sheet.rows[1:]]
    assert cells[:6] == ["=IMPORTXML(1)", "00123", "2024-05-01", "+49 30 1", "-5", True]
    assert cells[6:9] == ["=IMPORTXML(1)", 123, {"date": 45413}]
    assert cells[10:12] == [-5, True]
    assert cells[12] == {"formula": "=IMPORTXML(1)"}


def test_values_that_no_cell_has_become_text(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, header=["A", "B", "C", "D"])
    node(rows("append"), items({"A": {"x": [1]}, "B": 12345678901234567890, "C": None, "D": 0.1}))
    assert sheet.plain()[1] == ['{"x": [1]}', "12345678901234567890", "", 0.1]
    with pytest.raises(ParameterInvalid, match="The value of A has 50001 characters; a cell takes 50000"):
        node(rows("append"), items({"A": "x" * 50_001}))


def test_an_item_that_fails_keeps_the_others(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets)
    given = items({"Name": "Ada"}, {"Nam": "Bob"}, {"Name": "Cy"})
    found = node.json(rows("append"), given, settings={"onError": "continue"})
    assert [row.get("row_number") for row in found] == [2, None, 3]
    assert found[1]["error"]["type"] == "ColumnMissing"
    assert (sheet.plain()[1:], sheets.google.count(APPEND)) == ([["Ada"], ["Cy"]], 2)


def test_an_append_whose_answer_is_lost_is_not_sent_again(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets)
    sheets.google.lost[APPEND] = 1
    found = node.json(rows("append"), items({"Name": "Ada"}, {"Name": "Bob"}), settings={"onError": "continue"})
    assert {row["error"]["type"] for row in found} == {"OutcomeUnknown"}
    assert len(sheet.plain()) == 3
    sheets.google.lost[APPEND] = 1
    with pytest.raises(OutcomeUnknown, match="may have been appended") as lost:
        node(rows("append"), items({"Name": "Cy"}))
    assert not lost.value.retryable


def test_a_service_that_takes_nothing_on_may_be_asked_again(sheets: Sheets, node: Bench) -> None:
    people(sheets)
    sheets.google.fails[APPEND] = [Refused(503, "The service is currently unavailable.")]
    with pytest.raises(HttpServerError, match="currently unavailable"):
        node(rows("append"), items({"Name": "Ada"}))


# Updating


def test_rows_are_updated_by_a_key_with_one_request(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA, BOB, ["Ada", 5])
    found = node.json(
        rows("update", key="Name"), items({"Name": "Ada", "Age": 37}, {"Name": "Bob", "Age": None, "row_number": 9})
    )
    assert sheet.plain()[1:] == [["Ada", 37], ["Bob", 7], ["Ada", 37]]
    assert [row["row_number"] for row in found] == [2, 4, 3]
    assert sheets.google.count(WRITE) == 1


def test_a_key_is_found_whatever_its_type(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, [7, "x"], ["8", "x"], [{"date": 45413}, "x"], header=["Id", "V"])
    node(rows("update", key="Id"), items({"Id": "7", "V": 1}, {"Id": 8.0, "V": 2}, {"Id": "2024-05-01", "V": 3}))
    assert [line[1] for line in sheet.plain()[1:]] == [1, 2, 3]


def test_rows_are_updated_by_their_number(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA, BOB)
    given = rows("update", findBy="row", rowNumber="{{ $json.row_number }}")
    node(given, items({"Age": 8, "row_number": 3}, {"Name": "", "row_number": 2}))
    assert sheet.plain()[1:] == [["", 36], ["Bob", 8]]
    with pytest.raises(RowMissing, match="Row 1 is no row of data"):
        node(given, items({"Age": 8, "row_number": 1}))


def test_a_key_that_no_row_has_is_an_error(sheets: Sheets, node: Bench) -> None:
    people(sheets, ADA)
    with pytest.raises(RowMissing, match="No row of “People” has “Eve” in the column “Name”"):
        node(rows("update", key="Name"), items({"Name": "Eve", "Age": 1}))
    with pytest.raises(ParameterInvalid, match="no value for the key column “Name”"):
        node(rows("update", key="Name"), items({"Age": 1}))


def test_rows_are_updated_or_appended_and_a_new_key_has_one_row(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA)
    given = items({"Name": "Eve", "Age": 1}, {"Name": "Ada", "Age": 37}, {"Name": "Eve", "Age": 2}, {"Name": "Cy"})
    found = node.json(rows("upsert", keyColumn="Name"), given)
    assert sheet.plain()[1:] == [["Ada", 37], ["Eve", 2], ["Cy"]]
    assert [row["row_number"] for row in found] == [3, 2, 3, 4]
    assert (sheets.google.count(WRITE), sheets.google.count(APPEND)) == (1, 1)


def test_an_empty_sheet_takes_what_is_updated_or_appended(sheets: Sheets, node: Bench) -> None:
    [sheet] = sheets.book(ID, People=[])
    node(rows("upsert", keyColumn="Name", newColumns="add"), items({"Name": "Ada", "Age": 1}))
    assert sheet.plain() == [["Name", "Age"], ["Ada", 1]]


# Deleting, clearing, sheets


def test_rows_of_several_items_are_deleted_at_once_so_that_none_shifts(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, *(["x", n] for n in range(2, 12)))
    given = rows("delete", findBy="row", rowNumber="{{ $json.row_number }}")
    found = node.json(given, items(*({"row_number": n} for n in (3, 2, 7, 3))))
    assert [line[1] for line in sheet.plain()[1:]] == [4, 5, 6, 8, 9, 10, 11]
    assert (found[0], sheets.google.count("sheets.spreadsheets.batchUpdate")) == ({"deleted": 1, "rows": [3]}, 1)


def test_all_rows_with_a_key_are_deleted(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA, BOB, ["Ada", 1])
    given = rows("delete", key="Name", keyValue="{{ $json.n }}")
    assert node.json(given, items({"n": "Ada"}, {"n": "Nobody"})) == [
        {"deleted": 2, "rows": [2, 4]},
        {"deleted": 0, "rows": []},
    ]
    assert sheet.plain()[1:] == [BOB]


def test_clearing_keeps_the_header(sheets: Sheets, node: Bench) -> None:
    sheet = people(sheets, ADA, BOB)
    where = {"spreadsheet": ID, "sheet": "people"}
    assert node.json(doing("sheet", "clear", **where), ONE) == [{"cleared": "People!A2:Z1000"}]
    assert sheet.plain() == [["Name", "Age"]]
    sheet.row_count = 1
    assert node.json(doing("sheet", "clear", **where), ONE) == [{"cleared": ""}]


def test_spreadsheets_and_sheets_are_made_listed_and_deleted(sheets: Sheets, node: Bench) -> None:
    given = {"spreadsheetCreateTitle": "Year", "spreadsheetCreateSheetNames": "2024, 2025"}
    [made] = node.json(doing("spreadsheet", "create", **given, spreadsheetCreateColumns="Name, Age"), ONE)
    where = {"spreadsheet": made["spreadsheetUrl"]}
    assert [sheet.plain() for sheet in sheets.books[made["spreadsheetId"]]] == [[["Name", "Age"]]] * 2
    node(doing("sheet", "create", **where, sheetCreateTitle="More", sheetCreateColumns="A"), ONE)
    with pytest.raises(HttpClientError, match=r'A sheet with the name "More" already exists'):
        node(doing("sheet", "create", **where, sheetCreateTitle="More"), ONE)
    node(doing("sheet", "delete", **where, sheet="2024"), ONE)
    assert [one["title"] for one in node.json(doing("sheet", "list", **where), ONE)] == ["2025", "More"]


# What Google refuses


@pytest.mark.parametrize(
    ("refused", "error", "words", "remedy"),
    [
        (Refused(429, "Quota exceeded for quota metric 'Read requests'"), HttpRateLimited, "Quota exceeded", "retry"),
        (Refused(403, "User Rate Limit Exceeded", "userRateLimitExceeded"), HttpRateLimited, "User Rate", "retry"),
        (Refused(403, "The caller does not have permission"), HttpClientError, "permission", "share it"),
        (Refused(403, "Insufficient Permission", "insufficientPermissions"), HttpClientError, "Insuff", "scope"),
        (Refused(404, "Requested entity was not found."), HttpClientError, "not found", "Check the ID"),
        (Refused(400, "This operation is not supported for this document"), HttpClientError, "not supported", ""),
        (Refused(500, "Internal error encountered."), HttpServerError, "Internal error", "retry"),
    ],
)
def test_a_refusal_says_in_googles_words_what_is_wrong_and_what_to_do(
    sheets: Sheets, node: Bench, refused: Refused, error: type[Exception], words: str, remedy: str
) -> None:
    sheets.google.fails["sheets.spreadsheets.values.batchGet"] = [refused]
    with pytest.raises(error, match=words) as caught:
        node(rows("read"), ONE)
    assert type(caught.value) is error
    assert remedy in getattr(caught.value, "remedy", "")
    assert "ya29" not in str(caught.value)
    assert not re.search(r"[{}]", str(caught.value))


def test_a_spreadsheet_that_nobody_shared_is_not_found(sheets: Sheets, node: Bench) -> None:
    with pytest.raises(HttpClientError, match="Requested entity was not found"):
        node(rows("append"), items({"Name": "Ada"}))


def test_a_token_that_google_refuses_is_renewed(sheets: Sheets, node: Bench) -> None:
    people(sheets, ADA)
    node.outside.credentials["c", "google_oauth2"] = {"accessToken": "ya29.old"}
    node.outside.renewed = {"accessToken": "ya29.good"}
    assert len(node.json(rows("read"), ONE)) == 1


# Choices


def test_sheets_and_columns_are_there_to_choose_from(sheets: Sheets) -> None:
    people(sheets, header=["Name", "", "Name"])
    ask = AskBench(SPEC, {"options": options(LOADERS)})
    connected(ask.outside)
    params = {"credential": "c", "resource": "row", "operation": "append", "spreadsheet": ID, "sheet": "People"}
    found = ask("options", params, loader="sheets", search="", page="")
    assert found["options"] == [{"value": "People", "label": "People", "detail": "1000 rows"}]
    found = ask("options", params, loader="columns", search="", page="")
    assert [one["value"] for one in found["options"]] == ["Name", "B", "Name_2"]
