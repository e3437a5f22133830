"""Files of every format that is written, read back by libraries not ours."""

import base64
import csv
import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from functions.nodes.files.convert_to_file import opendocument, workbooks
from functions.nodes.files.convert_to_file.run import run
from functions.nodes.files.convert_to_file.spec import SPEC
from functions.nodes.files.extract_from_file.run import run as extract
from functions.nodes.files.extract_from_file.spec import SPEC as EXTRACT
from stepweave.model.items import Item
from stepweave.runtime import streaming
from stepweave.runtime.errors import NodeError
from tests.fakes.item_files import content_of
from tests.fakes.steps import TENANT, Bench, items


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def made(node: Bench, given: list[Item], **params: Any) -> tuple[Item, bytes]:
    [one] = node(params, given)["output"]["main"]["items"]
    return one, content_of(node, one["binary"]["data"])


def refused(node: Bench, given: list[Item], **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        node(params, given)
    assert caught.value.remedy
    return type(caught.value).__name__


# CSV


def test_csv_has_the_fields_of_all_items_as_columns(node: Bench) -> None:
    given = items({"a": 1, "b": "x, y"}, {"b": None, "c": {"d": [1, "ü"]}}, {"a": True, "b": 'q "q"\nz'})
    one, content = made(node, given)
    found = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert found == [["a", "b", "c"], ["1", "x, y", ""], ["", "", '{"d":[1,"ü"]}'], ["true", 'q "q"\nz', ""]]
    assert one["json"] == {"fileName": "file.csv", "size": len(content), "rows": 3}
    assert one["binary"]["data"]["mimeType"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"])
def test_no_text_is_a_formula_unless_that_is_wanted(node: Bench, text: str) -> None:
    given = items({text: text, "n": -5, "f": -0.5})
    rows = list(csv.reader(io.StringIO(made(node, given)[1].decode(), newline="")))
    assert rows == [["'" + text, "n", "f"], ["'" + text, "-5", "-0.5"]]
    assert list(csv.reader(io.StringIO(made(node, given, formulas="keep")[1].decode(), newline="")))[1][0] == text


def test_csv_is_written_as_the_options_say(node: Bench) -> None:
    given = items({"a": {"b": "ä"}, "c": 1})
    params = {"columns": "a.b, no, c", "delimiter": "semicolon", "encoding": "windows-1252", "header": False}
    assert made(node, given, **params)[1] == "ä;;1\r\n".encode("cp1252")
    assert made(node, given, columns="c", bom=True)[1] == b"\xef\xbb\xbfc\r\n1\r\n"
    assert made(node, items({"a": None}, {"a": ""}))[1] == b'a\r\n""\r\n""\r\n'
    assert refused(node, items({"a": "日"}), encoding="windows-1252") == "ValueUnwritable"
    assert refused(node, items({"a": "x"}), encoding="klingon") == "ValueUnwritable"
    assert refused(node, items({"a": "x"}), columns="a[") == "ParameterInvalid"


# JSON, text, base64


def test_json_is_one_list_or_one_object_each(node: Bench) -> None:
    given = items({"a": "ü"}, {"a": [1, None]})
    assert json.loads(made(node, given, format="json")[1]) == [{"a": "ü"}, {"a": [1, None]}]
    assert made(node, given, format="jsonLines")[1] == '{"a":"ü"}\n{"a":[1,null]}\n'.encode()
    each = node({"format": "json", "files": "each", "pretty": True, "fileName": "{{ $itemIndex }}.json"}, given)
    first, second = each["output"]["main"]["items"]
    assert first["json"] == {"a": "ü", "fileName": "0.json", "size": 16, "rows": 1}
    assert content_of(node, first["binary"]["data"]) == '{\n  "a": "ü"\n}\n'.encode()
    assert second["binary"]["data"]["fileName"] == "1.json"


def test_text_and_bytes_are_what_the_content_gives(node: Bench) -> None:
    one, content = made(node, items({"t": "a"}, {"t": 5}), format="text", content="{{ $json.t }}", fileName="x.html")
    assert content == b"a\n5"
    assert one["binary"]["data"]["mimeType"] == "text/html; charset=utf-8"
    png = b"\x89PNG\xff\xfe"
    for text in (base64.b64encode(png).decode(), "data:image/png;base64," + base64.urlsafe_b64encode(png).decode()):
        one, content = made(node, items({}), format="base64", content=text, fileName="../a/b.png")
        assert content == png
        assert one["binary"]["data"]["mimeType"] == "image/png"
        assert one["json"]["fileName"] == ".._a_b.png"
    wrong: list[Any] = ["%%%", {"a": 1}, "abcde", 5]
    for text in wrong:
        assert refused(node, items({}), format="base64", content=text) == "ValueUnwritable"


# Workbooks


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_workbook_has_types_and_no_formulas(node: Bench) -> None:
    fields: dict[str, Any] = {
        "text": "=1+1",
        "id": "007",
        "int": 7,
        "float": -1.5,
        "yes": True,
        "no": None,
        "day": "2026-01-31",
        "moment": "2026-01-31T10:30:00.000Z",
        "offset": "2026-01-31T10:30:00+02:00",
        "long": 12345678901234567,
        "object": {"a": [1]},
        "odd": " <&> \r\n\x01_x0041_ ",
    }
    _, content = made(node, items(fields), format="xlsx", sheet="A/B: *very* long name of a sheet"[:31])
    book = opened(content)
    assert book.sheetnames == ["A_B_ _very_ long name of a sheet"[:31]]
    header, row = list(book.worksheets[0].iter_rows())
    assert [one.value for one in header] == list(fields)
    assert header[0].font.b
    values = {name: one.value for name, one in zip(fields, row, strict=True)}
    assert row[0].data_type == "s"
    assert values == {
        **fields,
        "day": datetime(2026, 1, 31),
        "moment": datetime(2026, 1, 31, 10, 30),
        "long": "12345678901234567",
        "object": '{"a":[1]}',
        "odd": values["odd"],
    }
    [read] = Bench(EXTRACT, extract, node.outside).json(
        {}, node({"format": "xlsx"}, items(fields))["output"]["main"]["items"]
    )
    assert (read["odd"], read["moment"]) == (" <&> \r\n_x0041_ ", "2026-01-31T10:30:00")


def test_opendocument_gives_back_what_was_written(node: Bench) -> None:
    fields = {
        "text": "=1+1 & <b>",
        "number": -1.5,
        "yes": True,
        "no": None,
        "day": "2026-01-31",
        "moment": "2026-01-31T10:30:00.000Z",
        "offset": "2026-01-31T10:30:00+02:00",
        "long": 12345678901234567,
        "object": {"a": [1]},
        "spaces": "  two   and\ttab \n next\r\nlast",
        "odd": "\x01\ufffe\U0001f600",
    }
    output = node({"format": "ods", "sheet": "A/B"}, items(fields, {"text": "second"}))["output"]["main"]["items"]
    read, second = Bench(EXTRACT, extract, node.outside).json({}, output)
    assert {name: value for name, value in second.items() if value not in (None, "")} == {"text": "second"}
    assert read == {
        **fields,
        "no": read["no"],
        "moment": "2026-01-31T10:30:00",
        "long": "12345678901234567",
        "object": '{"a":[1]}',
        "spaces": "  two   and\ttab \n next\nlast",
        "odd": "\U0001f600",
    }
    assert read["no"] in (None, "")
    with zipfile.ZipFile(io.BytesIO(made(node, items(fields), format="ods")[1])) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.read(first) == b"application/vnd.oasis.opendocument.spreadsheet"


def test_rows_beyond_an_opendocument_sheet_go_to_the_next(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendocument, "MOST_ROWS", 3)
    with zipfile.ZipFile(io.BytesIO(made(node, items(*({"n": n} for n in range(5))), format="ods")[1])) as archive:
        text = archive.read("content.xml").decode()
    assert re.findall(r'table:name="([^"]*)"', text) == ["Sheet1", "Sheet1 (2)", "Sheet1 (3)"]
    assert text.count("<table:table-row>") == 8


def test_dates_can_stay_text_and_impossible_ones_do(node: Bench) -> None:
    texts = ["2026-02-30", "1899-12-31", "2026-13-01", "2026-01-31T25:00", "20-01-2026", "2026-01-31x"]
    for text in texts:
        assert opened(made(node, items({"d": text}), format="xlsx")[1]).worksheets[0]["A2"].value == text
    kept = made(node, items({"d": "2026-01-31"}), format="xlsx", dates=False)[1]
    assert opened(kept).worksheets[0]["A2"].value == "2026-01-31"


def test_rows_beyond_a_sheet_go_to_the_next(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    book = opened(made(node, items(*({"n": n} for n in range(5))), format="xlsx")[1])
    assert book.sheetnames == ["Sheet1", "Sheet1 (2)", "Sheet1 (3)"]
    cells = [[one.value for one in row] for sheet in book for row in sheet.iter_rows()]
    assert cells == [["n"], [0], [1], ["n"], [2], [3], ["n"], [4]]


def test_a_long_text_is_cut_where_excel_would_refuse_the_file(node: Bench) -> None:
    value = opened(made(node, items({"t": "x" * 40_000}), format="xlsx")[1]).worksheets[0]["A2"].value
    assert len(value) == 32_767


# Markup, calendars


def test_html_and_xml_are_escaped(node: Bench) -> None:
    given = items({"a<b": "<script>&", "l": [1, {"$": {"id": '1"2'}, "_": "t"}], "n": None})
    page = made(node, given, format="html")[1].decode()
    assert "<th>a&lt;b</th>" in page
    assert "<td>&lt;script&gt;&amp;</td>" in page
    assert refused(node, given, format="xml") == "ValueUnwritable"
    given[0]["json"]["a"] = given[0]["json"].pop("a<b")
    root = ElementTree.fromstring(made(node, given, format="xml", root="orders", element="order")[1])
    [order] = root
    assert (root.tag, order.tag) == ("orders", "order")
    assert [(one.tag, one.text, one.attrib) for one in order] == [
        ("l", "1", {}),
        ("l", "t", {"id": '1"2'}),
        ("n", None, {}),
        ("a", "<script>&", {}),
    ]


def test_a_calendar_is_read_back_as_it_was(node: Bench) -> None:
    events: list[dict[str, Any]] = [
        {"summary": "Tea, cake;\nand talk " + "ü" * 80, "start": "2026-07-01T10:00:00+02:00", "uid": "1"},
        {"summary": "Day", "start": "2026-01-31", "attendees": [{"email": "a@b.c\r\nX: 1", "name": 'A "x"'}]},
    ]
    one, content = made(node, items(*events), format="ics")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    read = Bench(EXTRACT, extract, node.outside).json({}, [one])
    assert read[0]["summary"] == events[0]["summary"]
    assert read[0]["start"] == "2026-07-01T08:00:00Z"
    assert (read[1]["start"], read[1]["allDay"]) == ("2026-01-31", True)
    assert read[1]["attendees"] == [{"email": "a@b.cX:1", "name": "A x"}]
    assert refused(node, items({"summary": "x"}), format="ics") == "ValueUnwritable"
    assert refused(node, items({"start": "soon"}), format="ics") == "ValueUnwritable"


# Many items


def test_many_items_are_read_one_after_another(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("stepweave.runtime.streaming", "stepweave.runtime.inputs"):
        monkeypatch.setattr(f"{place}.LISTED_BYTES", 1000)
    rows = [{"n": n, **({"late": True} if n == 150 else {})} for n in range(200)]
    many = streaming.settled([{"json": row} for row in rows], node.outside.claims, f"{TENANT}/x.json", "main")
    assert isinstance(many, streaming.Stored)
    for format in ("csv", "xlsx", "json"):
        [one] = node({"format": format}, {"main": [many.batch]})["output"]["main"]["items"]
        assert one["json"]["rows"] == 200
        found = Bench(EXTRACT, extract, node.outside).json({}, [one])
        assert found[150] == rows[150]
        assert [row["n"] for row in found] == list(range(200))


def test_the_archive_of_a_workbook_is_whole(node: Bench) -> None:
    with zipfile.ZipFile(io.BytesIO(made(node, items({"a": 1}), format="xlsx")[1])) as archive:
        assert archive.testzip() is None


def test_no_items_give_no_file(node: Bench) -> None:
    assert node({}, [])["output"] == {}
