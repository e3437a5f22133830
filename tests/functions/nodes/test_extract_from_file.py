"""Files of every format that is read, whole ones and broken ones, through the node's run path."""

import base64
import io
import json
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from functions.nodes.files.extract_from_file.run import run
from functions.nodes.files.extract_from_file.spec import SPEC
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from tests.fakes.item_files import with_file
from tests.fakes.steps import Bench


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def rows(
    node: Bench, content: bytes | str, format: str = "auto", *, name: str = "", mime: str = "", **params: Any
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return node.json({"format": format, **params}, with_file(node, data, name, mime))


def refused(node: Bench, content: bytes | str, format: str = "auto", **params: Any) -> NodeError:
    with pytest.raises(NodeError) as caught:
        rows(node, content, format, **params)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy
    return caught.value


def kind(error: NodeError) -> str:
    return type(error).__name__


def archive(parts: dict[str, str | bytes], **kinds: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in parts.items():
            made.writestr(path, content)
    return file.getvalue()


def workbook(*sheets: list[list[Any]], names: tuple[str, ...] = ("Orders", "Ümlaut")) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, cells in zip(names, sheets, strict=False):
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


# CSV


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,x\n", [{"a": 1, "b": "x"}]),
        ("a;b\r\n1,5;x\r\n", [{"a": "1,5", "b": "x"}]),
        ("a\tb\r1\t2\r", [{"a": 1, "b": 2}]),
        ("\ufeffa,b\n1,2", [{"a": 1, "b": 2}]),
        ("sep=|\na|b\n1|2", [{"a": 1, "b": 2}]),
        ('a,b\n"x, ""y""\nz",2', [{"a": 'x, "y"\nz', "b": 2}]),
        ("a,b\n\n,\n1,2\n", [{"a": 1, "b": 2}]),
        ("a,b\n1\n1,2,3\n", [{"a": 1, "b": None}, {"a": 1, "b": 2, "column3": 3}]),
        ("a,b,,\n1,2,,\n", [{"a": 1, "b": 2}]),
        ("a,a, ,a\n1,2,3,4\n", [{"a": 1, "a_2": 2, "column3": 3, "a_3": 4}]),
        (
            "id,n\n007,-1.5\n12345678901234567,+49 30\n",
            [{"id": "007", "n": -1.5}, {"id": "12345678901234567", "n": "+49 30"}],
        ),
        ("a,b\ntrue,1E5\nFALSE,0x1\n", [{"a": True, "b": "1E5"}, {"a": False, "b": "0x1"}]),
        ("a\n'=1+1\n", [{"a": "'=1+1"}]),
        ("a,b\n\x00,2\n", [{"a": "\x00", "b": 2}]),
        ("", []),
        ("a,b\n", []),
    ],
)
def test_csv_gives_an_item_for_each_row(node: Bench, text: str, expected: list[Any]) -> None:
    assert rows(node, text, "csv") == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"header": "none"}, [{"column1": "x", "column2": "y"}, {"column1": 1, "column2": 2}]),
        ({"header": "given", "columns": "id, name"}, [{"id": "x", "name": "y"}, {"id": 1, "name": 2}]),
        ({"types": False}, [{"x": "1", "y": "2"}]),
        ({"skipRows": 1, "header": "none"}, [{"column1": 1, "column2": 2}]),
        ({"maxRows": 1, "header": "none"}, [{"column1": "x", "column2": "y"}]),
        ({"delimiter": ";"}, [{"x,y": "1,2"}]),
        ({"delimiter": "\\t", "types": False}, [{"x,y": "1,2"}]),
    ],
)
def test_csv_is_read_as_the_options_say(node: Bench, params: dict[str, Any], expected: list[Any]) -> None:
    assert rows(node, "x,y\n1,2\n", "csv", **params) == expected


@pytest.mark.parametrize(
    ("content", "params"),
    [
        ("ä,ß\n€,2\n".encode("utf-16"), {}),
        ("ä,ß\n€,2\n".encode("utf-16-le"), {}),
        ("ä,ß\n€,2\n".encode("cp1252"), {}),
        ("ä,ß\n€,2\n".encode("cp1252"), {"mime": "text/csv; charset=windows-1252"}),
        ("ä,ß\n€,2\n".encode("iso-8859-15"), {"encoding": "iso-8859-15"}),
        ("ä,ß\n€,2\n".encode("utf-8-sig"), {"encoding": "windows-1252"}),
    ],
)
def test_text_is_read_in_any_encoding(node: Bench, content: bytes, params: dict[str, Any]) -> None:
    assert rows(node, content, "csv", **params) == [{"ä": "€", "ß": 2}]


def test_bad_csv_is_refused_with_its_line(node: Bench) -> None:
    error = refused(node, 'a,b\n1,2\n3,"open\n4,5\n', "csv")
    assert kind(error) == "FileInvalid"
    assert error.details["line"] == 3
    assert kind(refused(node, 'a\n"x"y\n', "csv")) == "FileInvalid"
    assert rows(node, 'a\n"x"y\n', "csv", quotes="lenient") == [{"a": "xy"}]
    assert rows(node, "a,b\n'1,2',\"x\n", "csv", quotes="single") == [{"a": "1,2", "b": '"x'}]
    assert rows(node, 'a\n"x\n', "csv", quotes="none") == [{"a": '"x'}]
    assert refused(node, "a\n1,2\n", "csv", ragged="fail").details["row"] == 2
    assert rows(node, "a\n1,2\n", "csv", ragged="drop") == [{"a": 1}]
    late = b"a\n" + b"x\n" * 60_000 + b"\xe4\n"
    assert kind(refused(node, late, "csv")) == "FileNotText"
    assert kind(refused(node, "a", "csv", encoding="klingon")) == "FileNotText"
    assert kind(refused(node, "a", "csv", delimiter=";;")) == "ParameterInvalid"
    assert kind(refused(node, "a\n" + '"' + "x" * 11_000_000, "csv")) == "FileInvalid"


# JSON


def test_json_gives_an_item_for_each_entry(node: Bench) -> None:
    assert rows(node, '[{"a": 1}, 2, [3]]', "json") == [{"a": 1}, {"value": 2}, {"value": [3]}]
    assert rows(node, '\ufeff{"a": {"b": 12345678901234567890123}}', "json") == [{"a": {"b": 12345678901234567890123}}]
    assert rows(node, '{"a": 1}\r\n\n{"a": 2}', "jsonLines") == [{"a": 1}, {"a": 2}]
    error = refused(node, '{"a": 1,\n "b": }', "json")
    assert "line 2, column 7" in error.message
    assert refused(node, '{"a": 1}\n{"a"', "jsonLines").details["line"] == 2
    assert kind(refused(node, "[" * 500 + "]" * 500, "json")) == "FileInvalid"
    assert kind(refused(node, '{"a": NaN}', "json")) == "FileInvalid"


def test_a_large_list_is_read_piece_by_piece(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.nodes.files.extract_from_file.json_data.MOST_TEXT_BYTES", 100)
    many = [{"n": n} for n in range(100)]
    assert rows(node, json.dumps(many), "json") == many
    assert kind(refused(node, json.dumps(many)[:-20], "json")) == "FileInvalid"
    assert kind(refused(node, json.dumps({"a": many}), "json")) == "DataTooLarge"


# Workbooks


DATES = (date(2026, 1, 31), datetime(2026, 1, 31, 10, 30), time(9, 5), timedelta(hours=26))


def test_a_workbook_keeps_its_types(node: Bench) -> None:
    cells: list[list[Any]] = [
        ["text", "int", "float", "yes", "day", "moment", "clock", "length", None, "formula"],
        [
            "007",
            7,
            1.5,
            True,
            date(2026, 1, 31),
            datetime(2026, 1, 31, 10, 30),
            time(9, 5),
            timedelta(hours=26),
            None,
            "=1+1",
        ],
        [None] * 10,
        ["x", 2.0, 1e300, False, None, None, None, None, None, None],
    ]
    first, second = rows(node, workbook(cells))
    assert first == {
        "text": "007",
        "int": 7,
        "float": 1.5,
        "yes": True,
        "day": "2026-01-31",
        "moment": "2026-01-31T10:30:00",
        "clock": "09:05:00",
        "length": "26:00:00",
        "column9": None,
        "formula": None,
    }
    assert (second["text"], second["int"], second["yes"]) == ("x", 2, False)


def test_sheets_are_chosen_by_name_number_or_all(node: Bench) -> None:
    book = workbook([["a"], [1]], [["b"], [2]])
    assert rows(node, book, "xlsx") == [{"a": 1}]
    assert rows(node, book, "xlsx", sheet="ümlaut") == [{"b": 2}]
    assert rows(node, book, "xlsx", sheet="2") == [{"b": 2}]
    assert rows(node, book, "xlsx", sheet="*") == [{"a": 1}, {"b": 2}]
    error = refused(node, book, "xlsx", sheet="Oders")
    assert kind(error) == "SheetNotFound"
    assert error.details["names"] == ["Orders", "Ümlaut"]


def test_a_wrong_dimension_loses_no_rows(node: Bench) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([["a"], [1], [2]]))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:A3"', b'ref="A1"')
    assert rows(node, archive({**parts})) == [{"a": 1}, {"a": 2}]
    evil = parts[sheet].replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
    assert kind(refused(node, archive({**parts, sheet: evil}))) == "XmlForbidden"
    assert kind(refused(node, archive({**parts, sheet: parts[sheet][:300]}))) == "FileInvalid"


def test_broken_and_locked_workbooks_are_refused(node: Bench) -> None:
    whole = workbook([["a"], [1]])
    for content in (b"", b"PK\x03\x04nothing", whole[:400], whole[:-60], archive({"a.txt": "x"}), b"a,b\n1,2"):
        assert kind(refused(node, content, "xlsx")) == "FileInvalid"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    assert kind(refused(node, ole + "EncryptedPackage".encode("utf-16-le"), name="x.xlsx")) == "FileEncrypted"
    assert kind(refused(node, ole, "xlsx")) == "FileInvalid"
    assert kind(refused(node, ole, "xls")) == "FileInvalid"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.nodes.files.extract_from_file.archives.MOST_UNPACKED", 1_000_000)
    bomb = archive({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b"\0" * 2_000_000})
    assert kind(refused(node, bomb)) == "DataTooLarge"
    assert kind(refused(node, bomb, "docx")) == "DataTooLarge"


_ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="One">{}</table:table><table:table table:name="Two"><table:table-row><table:table-cell '
    'office:value-type="string"><text:p>z</text:p></table:table-cell></table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods(inside: str, manifest: str = "<m/>") -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": kind, "content.xml": _ODS.format(inside), "META-INF/manifest.xml": manifest})


def cell(kind: str, value: str, text: str = "", more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:{value}{more}><text:p>{text}</text:p></table:table-cell>'
    )


def test_opendocument_keeps_its_types_and_repeats(node: Bench) -> None:
    header = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in "abcde")
    far = '<table:table-cell table:number-columns-repeated="16379"/>'
    row = "".join(
        (
            cell("float", 'value="2"', "2,00"),
            cell("date", 'date-value="2026-01-31T00:00:00"'),
            cell("boolean", 'boolean-value="true"'),
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
            '<text:p>x<text:s text:c="2"/>y</text:p><text:p>z</text:p></table:table-cell>',
            cell("percentage", 'value="0.5"', "50%"),
            far,
        )
    )
    inside = (
        f"<table:table-row>{header}{far}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    found = rows(node, ods(inside))
    assert found == [{"a": 2, "b": "2026-01-31", "c": True, "d": "x  y\nz", "e": 0.5}] * 2
    assert rows(node, ods(inside), sheet="Two", header="none") == [{"column1": "z"}]
    assert kind(refused(node, ods("", "<encryption-data/>"))) == "FileEncrypted"
    assert kind(refused(node, ods("<table:table-row>"), "ods")) == "FileInvalid"


# Markup


def test_tables_of_a_page_are_read_with_their_spans(node: Bench) -> None:
    page = """<table><tr><th>a<th>b<th>c</tr><tr><td rowspan=2>1<td colspan=2>x <b>y</b></tr><tr><td>2<td>
    <table><tr><td>inner</td></tr></table></td></tr></table><table><tr><td>q</td></tr><tr><td>9</td></tr></table>"""
    assert rows(node, page) == [{"a": 1, "b": "x y", "c": "x y"}, {"a": 1, "b": 2, "c": "inner"}]
    assert rows(node, page, "html", table=3) == [{"q": 9}]
    assert kind(refused(node, page, "html", table=4)) == "SheetNotFound"
    assert kind(refused(node, "<p>none</p>", "html")) == "SheetNotFound"
    bomb = f"<table>{'<tr>' + '<td colspan=1000>x' * 30 + '</tr>' * 1}{'<tr>' + '<td colspan=1000>x' * 10}" * 100
    assert kind(refused(node, bomb, "html")) in ("DataTooLarge", "FileInvalid", "MarkupTooDeep")


def test_xml_gives_the_document_or_its_elements(node: Bench) -> None:
    text = '<?xml version="1.0" encoding="iso-8859-2"?><f><p id="1">\u0141</p><p>b</p><q>&amp;</q></f>'
    content = text.encode("iso-8859-2")
    assert rows(node, content) == [{"data": {"f": {"p": [{"$": {"id": "1"}, "_": "\u0141"}, "b"], "q": "&"}}}]
    assert rows(node, content, "xml", element="p") == [{"$": {"id": "1"}, "_": "\u0141"}, {"value": "b"}]
    laugh = '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert kind(refused(node, laugh, "xml")) == "XmlForbidden"
    assert kind(refused(node, '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml")) == "XmlForbidden"
    assert refused(node, "<a>\n<b></a>", "xml").details["line"] == 2
    assert kind(refused(node, "<a>" * 300, "xml")) == "MarkupTooDeep"


# Documents


def pdf(*texts: str, password: str = "") -> bytes:
    made, file = FPDF(), io.BytesIO()
    made.set_font("helvetica")
    made.set_title("Bill")
    for text in texts:
        made.add_page()
        made.cell(text=text)
    made.output(file)
    if password:
        writer = PdfWriter(clone_from=PdfReader(file))
        writer.encrypt(password, algorithm="AES-256")
        file = io.BytesIO()
        writer.write(file)
    return file.getvalue()


def test_a_pdf_gives_its_text(node: Bench) -> None:
    [found] = rows(node, pdf("Total 12", "Page two"))
    assert (found["text"], found["pages"], found["info"]["title"]) == ("Total 12\n\nPage two", 2, "Bill")
    assert [one["text"] for one in rows(node, pdf("a", "b"), "pdf", pages="each")] == ["a", "b"]
    locked = pdf("secret", password="open")
    assert kind(refused(node, locked)) == "FileEncrypted"
    assert kind(refused(node, locked, password="wrong")) == "FileEncrypted"
    assert rows(node, locked, password="open")[0]["text"] == "secret"
    for broken in (b"", b"%PDF-1.7\n", pdf("x")[:200], b"no pdf"):
        assert kind(refused(node, broken, "pdf")) == "FileInvalid"


def test_a_word_document_gives_its_text(node: Bench) -> None:
    body = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t></w:r><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl><w:p><w:r><w:instrText>PAGE</w:instrText><w:t>end</w:t></w:r></w:p>"
    )
    document = f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'
    assert rows(node, archive({"word/document.xml": document})) == [{"text": "One\ttwo\na\tb\nend"}]
    assert kind(refused(node, archive({"x": "y"}), "docx")) == "FileInvalid"


def test_a_calendar_gives_its_events(node: Bench) -> None:
    text = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:Tea\\, cake\\nand
  talk
DTSTART;TZID=Europe/Berlin:20260701T100000
DTEND:20260701T090000Z
ATTENDEE;CN="Ada; L: x";PARTSTAT=ACCEPTED:mailto:ada@example.com
BEGIN:VALARM
DESCRIPTION:no
END:VALARM
END:VEVENT
BEGIN:VTODO
DTSTART;VALUE=DATE:20260131
SUMMARY:Day
CATEGORIES:a,b\\,c
END:VTODO
END:VCALENDAR
""".replace("\n", "\r\n")
    event, task = rows(node, text)
    assert event == {
        "type": "event",
        "uid": "1",
        "summary": "Tea, cake\nand talk",
        "start": "2026-07-01T10:00:00+02:00",
        "allDay": False,
        "timeZone": "Europe/Berlin",
        "end": "2026-07-01T09:00:00Z",
        "attendees": [{"email": "ada@example.com", "name": "Ada; L: x", "answer": "ACCEPTED"}],
    }
    assert task == {"type": "todo", "start": "2026-01-31", "allDay": True, "summary": "Day", "categories": ["a", "b,c"]}
    assert kind(refused(node, text[:200], "ics")) == "FileInvalid"
    assert kind(refused(node, "hello", "ics")) == "FileInvalid"


def test_text_and_base64_come_whole(node: Bench) -> None:
    assert rows(node, "grüß".encode("cp1252"), "text", name="a.txt")[0]["text"] == "grüß"
    assert rows(node, "日本".encode("shift_jis"), "text", encoding="shift_jis")[0]["text"] == "日本"
    assert base64.b64decode(rows(node, b"\x00\xff", "base64")[0]["data"]) == b"\x00\xff"


# Which format


@pytest.mark.parametrize(
    ("content", "told", "expected"),
    [
        (b"a,b\n1,2", {"name": "x.CSV"}, [{"a": 1, "b": 2}]),
        (b"a\tb\n1\t2", {"name": "x.tsv"}, [{"a": 1, "b": 2}]),
        (b"a,b\n1,2", {"mime": "text/csv"}, [{"a": 1, "b": 2}]),
        (b"a,b\n1,2", {"mime": "application/vnd.ms-excel", "name": "x.csv"}, [{"a": 1, "b": 2}]),
        (b"a,b\n1,2", {"mime": "application/vnd.ms-excel"}, [{"a": 1, "b": 2}]),
        (b'{"a":1}\n{"a":2}', {"mime": "application/json"}, [{"a": 1}, {"a": 2}]),
        (b' {"a":1}', {}, [{"a": 1}]),
        (b"<a>1</a>", {"name": "x.xml"}, [{"data": {"a": "1"}}]),
    ],
)
def test_the_format_is_found_out(node: Bench, content: bytes, told: dict[str, str], expected: list[Any]) -> None:
    assert rows(node, content, **told) == expected


def test_what_nobody_can_tell_is_refused(node: Bench) -> None:
    assert kind(refused(node, b"\x01\x02\x03")) == "FormatUnknown"
    assert kind(refused(node, b"")) == "FormatUnknown"
    assert kind(refused(node, archive({"a": "b"}), name="x.zip")) == "FormatUnknown"


def test_a_file_that_is_not_there_is_named(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="no file “invoice”"):
        node({"file": "invoice"}, with_file(node, b"x"))


def test_a_file_that_is_too_large_is_not_read(node: Bench) -> None:
    given = with_file(node, b"x")
    given[0]["binary"]["data"]["size"] = 200_000_000
    with pytest.raises(DataTooLarge, match="are read"):
        node({"format": "xlsx"}, given)
