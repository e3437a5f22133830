"""Tables to CSV and back over HTTP: all or nothing, by lines, by a key column, each tenant's own."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services import table_csv
from stepweave_data.store import bulk
from tests.api.conftest import World
from tests.api.test_examples import well
from tests.api.test_routes import is_problem
from tests.api.test_store import table

ROWS = [
    {"Text": "=1+1", "Number": -1.5, "Boolean": True, "Date": "2026-11-24", "JSON": {"b": [1]}},
    {"Text": 'a "quoted", two\nlines', "Number": 9007199254740993},
    {"Text": "'=x"},
]


def put(client: TestClient, id: str, text: str, **more: Any) -> Any:
    return client.post(f"/api/tables/{id}/csv", json={"csv": text, **more})


def values(client: TestClient, id: str) -> list[dict[str, Any]]:
    found = well(client.post(f"/api/tables/{id}/rows/query", json={"limit": 500}))["items"]
    return [{name: value for name, value in row["values"].items() if value is not None} for row in found]


def whole(client: TestClient, id: str, **more: Any) -> str:
    text = ""
    after: int | None = 0
    while after is not None:
        page = well(client.get(f"/api/tables/{id}/csv", params={"after": after, **more}))
        text, after = text + page["csv"], page["nextAfter"]
    return text


def test_a_table_goes_out_page_by_page_and_comes_back_the_same(world: World) -> None:
    client = world.person()
    id, other = table(client), table(client, "Copy")
    well(client.post(f"/api/tables/{id}/rows", json={"rows": ROWS}), 201)
    text = whole(client, id, limit=1)
    assert text == whole(client, id)
    assert text.splitlines()[0] == "id,Text,Number,Boolean,Date,JSON,createdAt,updatedAt"
    assert "'=1+1" in text
    assert whole(client, id, escape=False, bom=True).startswith("\ufeffid,")
    done = well(put(client, other, text))
    assert (done["rows"], done["inserted"], done["updated"], done["delimiter"]) == (3, 3, 0, "comma")
    assert [(one["header"], one["column"]) for one in done["headers"]][:2] == [("id", None), ("Text", "Text")]
    assert values(client, other) == values(client, id)
    assert well(client.get(f"/api/tables/{other}"))["rows"] == 3


def test_all_lines_that_are_wrong_are_named_and_nothing_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = table(client)
    text = 'Text,Number,Date,JSON\n"two\nlines",1,,\nb,seven,,\nc,2,31.12.2020,\nd,,,{\n'
    answer = put(client, id, text)
    assert is_problem(answer, 422, "invalid_request")
    told = [(one["field"], one["message"]) for one in answer.json()["errors"]]
    assert told[0][0] == "line 6"  # JSON is read first
    answer = put(client, id, text.replace("{", ""))
    told = [(one["field"], one["message"]) for one in answer.json()["errors"]]
    assert [place for place, _ in told] == ["line 4", "line 5"]
    assert "“Number”" in told[0][1]
    assert "“Date”" in told[1][1]
    assert values(client, id) == []
    monkeypatch.setattr(bulk, "MOST_ROWS", 1)
    assert put(client, id, "Text\na\nb").json()["code"] == "too_many"
    monkeypatch.setattr(table_csv, "MOST_ROWS", 1)
    assert "2 rows; 1 are the most" in put(client, id, "Text\na\nb").json()["detail"]
    assert values(client, id) == []


def test_a_key_column_changes_rows_that_are_there(world: World) -> None:
    client = world.person()
    id = table(client)
    well(put(client, id, "text;number;boolean\na;1;true\nb;2;\nb;3;\n"))
    done = well(put(client, id, "Number,Text\n10,a\n20,b\n30,c\n40,\n", key="text"))
    assert (done["inserted"], done["updated"]) == (2, 2)
    assert values(client, id) == [
        {"Text": "a", "Number": 10, "Boolean": True},
        {"Text": "b", "Number": 20},
        {"Text": "b", "Number": 20},
        {"Text": "c", "Number": 30},
        {"Number": 40},
    ]
    assert well(put(client, id, "Text,Number\n,41\na,\n", key="Text"))["updated"] == 2
    assert values(client, id)[0] == {"Text": "a", "Boolean": True}
    twice = put(client, id, "Text\nz\nz\n", key="Text").json()
    assert twice["errors"] == [{"field": "line 3", "message": "It has the same “Text” as line 2. Keep one of them."}]
    assert "No header is for the key column" in put(client, id, "Text\nz", key="Number").json()["detail"]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(world: World) -> None:
    client = world.person()
    id = table(client)
    done = well(put(client, id, "Name;Number\nAda;1\n", columns={"Name": "Text", "Number": None}, dryRun=True))
    assert done == {
        "delimiter": "semicolon",
        "headers": [{"header": "Name", "column": "Text"}, {"header": "Number", "column": None}],
        "rows": 1,
        "inserted": 1,
        "updated": 0,
        "sample": [["Ada", "1"]],
    }
    assert values(client, id) == []
    assert well(client.get(f"/api/tables/{id}"))["rows"] == 0
    well(put(client, id, "Text\na"))
    assert well(client.post(f"/api/tables/{id}/rows/query", json={}))["items"][0]["id"] == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"csv": "Other\nx"}, "No header is a column's name"),
        ({"csv": "a,b\nx,y", "columns": {"a": "Text", "b": "text"}}, "Two headers are for the column “Text”"),
        ({"csv": "a\nx", "columns": {"b": "Text"}}, "has no header “b”"),
        ({"csv": "a\nx", "columns": {"a": "Nope"}}, "no column “Nope”"),
        ({"csv": "Text\nx", "key": "Nope"}, "no column “Nope”"),
        ({"csv": "Text,Text\nx,y"}, "there twice"),
        ({"csv": "Text\nx,y"}, "Line 2 has 2 cells"),
        ({"csv": "Date\n2026-11-24", "timeZone": "Europe/Nowhere"}, "no such time zone"),
        ({"csv": "__proto__\nx"}, "No header is a column's name"),
    ],
)
def test_what_cannot_be_imported_says_why(world: World, body: Any, words: str) -> None:
    client = world.person()
    answer = client.post(f"/api/tables/{table(client)}/csv", json=body)
    assert is_problem(answer, 422, "invalid_request")
    assert words in answer.json()["detail"]


def test_another_tenants_table_is_not_there(world: World) -> None:
    id = table(world.person())
    other = world.person()
    assert is_problem(put(other, id, "Text\na"), 404, "not_found")
    assert is_problem(other.get(f"/api/tables/{id}/csv"), 404, "not_found")
