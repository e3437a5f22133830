"""What broke in nodes for files elsewhere, by public trackers: each through the node's run path."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from functions.nodes.files.compress.run import run as compress
from functions.nodes.files.compress.spec import SPEC as COMPRESS
from functions.nodes.files.convert_to_file.run import run as convert
from functions.nodes.files.convert_to_file.spec import SPEC as CONVERT
from functions.nodes.files.extract_from_file.run import run as extract
from functions.nodes.files.extract_from_file.spec import SPEC as EXTRACT
from functions.nodes.files.image.run import run as image
from functions.nodes.files.image.spec import SPEC as IMAGE
from functions.nodes.files.pdf.run import run as pdf
from functions.nodes.files.pdf.spec import SPEC as PDF
from stepweave.runtime.errors import NodeError
from tests.fakes.item_files import content_of, with_file
from tests.fakes.steps import Bench, items


def rows(text: str | bytes, **params: Any) -> list[dict[str, Any]]:
    node = Bench(EXTRACT, extract)
    content = text.encode() if isinstance(text, str) else text
    return node.json(params, with_file(node, content, mime_type=params.pop("mime", "text/csv")))


def test_n8n_20524_rows_with_a_delimiter_behind_them_are_read() -> None:
    text = "GTIN;Marke;Preiskategorie\n123123123;testBrand;R;\n123412341234;testBrand;R;\n"
    assert rows(text)[1] == {"GTIN": 123412341234, "Marke": "testBrand", "Preiskategorie": "R"}


def test_deephaven_1800_and_league_csv_543_empty_columns_behind_the_last_are_none() -> None:
    assert rows("A|B|C|\n1|2|3|\n") == [{"A": 1, "B": 2, "C": 3}]
    assert rows("A,B,,,\n1,2,,x,\n") == [{"A": 1, "B": 2, "column3": "", "column4": "x"}]


def test_n8n_15340_a_row_longer_than_the_header_does_not_end_the_reading() -> None:
    assert [len(row) for row in rows("a,b\n1,2\n1,2,3\n4,5\n")] == [2, 3, 3]


def test_n8n_7443_a_byte_order_mark_is_written_and_read_without_a_trace() -> None:
    node = Bench(CONVERT, convert)
    made = node({"bom": True}, items({"ä": "ß"}))["output"]["main"]["items"]
    assert content_of(node, made[0]["binary"]["data"]).startswith(b"\xef\xbb\xbf")
    assert Bench(EXTRACT, extract, node.outside).json({}, made) == [{"ä": "ß"}]


def test_n8n_9624_dates_in_csv_stay_as_they_are() -> None:
    text = '"Symbol","Date/Time","Amount","TransactionID"\n"GOLD","2023-06-15 20:20:00","30","24187476554"\n'
    row = {"Symbol": "GOLD", "Date/Time": "2023-06-15 20:20:00", "Amount": 30, "TransactionID": 24187476554}
    assert rows(text) == [row]


@pytest.mark.parametrize("header", ["c;c;c;c_1", "a,a,a", ",,a,", "x,x_2,x"])
def test_papaparse_982_and_129_no_column_takes_another_s_values(header: str) -> None:
    delimiter = ";" if ";" in header else ","
    [row] = rows(f"{header}\n{delimiter.join('1234'[: header.count(delimiter) + 1])}\n")
    assert sorted(row.values()) == list(range(1, header.count(delimiter) + 2))


def test_n8n_34409_dates_of_a_workbook_are_dates() -> None:
    node = Bench(CONVERT, convert)
    made = node({"format": "xlsx"}, items({"Start": "2026-07-02"}))["output"]["main"]["items"]
    assert Bench(EXTRACT, extract, node.outside).json({}, made) == [{"Start": "2026-07-02"}]


@pytest.mark.parametrize("name", ["", "upload", "A.ZIP"])
def test_n8n_14133_17722_and_6098_an_archive_is_known_by_its_bytes(name: str) -> None:
    node, out = Bench(COMPRESS, compress), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "1")
    given = with_file(node, out.getvalue(), name, "application/x-zip-compressed")
    assert node.json({"operation": "uncompress"}, given)[0]["path"] == "a.txt"


def test_n8n_26773_an_archive_that_was_streamed_is_opened() -> None:
    class Stream(io.RawIOBase):
        """Nothing but written to."""

        held = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.held += data
            return len(data)

    node, stream = Bench(COMPRESS, compress), Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w") as member:
        member.write(b"hello" * 1000)
    [one] = node.json({"operation": "uncompress"}, with_file(node, bytes(stream.held)))
    assert one["size"] == 5000


def event(start: str) -> dict[str, Any]:
    text = (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=en-ZA:Sam\\, at 11:00\n{start}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    [found] = rows(text, format="ics")
    assert found["summary"] == "Sam, at 11:00"
    return found


def test_calendars_of_other_programs_are_read() -> None:
    found = event("DTSTART;TZID=W. Europe Standard Time:20200305T090000")  # iCalcreator 102
    assert (found["start"], found["timeZone"]) == ("2020-03-05T09:00:00", "W. Europe Standard Time")
    assert event("DTSTART;TZID=:20150826T090000")["start"] == "2015-08-26T09:00:00"  # ical4j 367
    assert event("DTSTART;TZID=\x17:20150826T090000")["start"] == "2015-08-26T09:00:00"  # ical4j 194
    assert event("DTSTART;TZID=GMT+05:30:20120904T020000")["start"] == "2012-09-04T02:00:00+05:30"  # libical 152
    assert event('DTSTART;TZID="UTC+03:00":20220519T110000')["start"] == "2022-05-19T11:00:00+03:00"  # ics-py 324
    assert event("DTSTART;TZID=GMT+0200:20260814T100000")["start"] == "2026-08-14T10:00:00+02:00"  # tutanota 11325
    assert event("DTSTART:2026-08-14")["start"] == "2026-08-14"


@pytest.mark.parametrize("format", ["webp", "jpeg", "png"])
def test_n8n_28970_a_picture_keeps_its_side_up_however_often_it_is_changed(format: str) -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    node = Bench(IMAGE, image)
    given = with_file(node, out.getvalue(), "a.jpg")
    for _ in range(2):
        params = {"operation": "resize", "width": 10, "format": format, "keepMetadata": True}
        given = node(params, given)["output"]["main"]["items"]
        assert given[0]["json"]["image"]["height"] == 20


@pytest.mark.parametrize(
    "html",
    [
        "<table><thead><tr><th>Mark</th></tr></thead><tbody><tr><td>&lt;    2</td></tr></tbody></table>",  # fpdf2 1010
        "<table><tr><td>Some <font size=7>small</font> and <b>bold</b></td><td>2</td></tr></table>",  # fpdf2 845
    ],
)
def test_tables_with_marks_in_their_cells_are_laid_out_or_refused_by_name(html: str) -> None:
    node = Bench(PDF, pdf)
    [one] = node({"content": html}, items({}), settings={"onError": "continue"})["output"]["main"]["items"]
    if "error" in one["json"]:
        assert one["json"]["error"]["type"] == "PageUnwritable"
    else:
        text = PdfReader(io.BytesIO(content_of(node, one["binary"]["data"]))).pages[0].extract_text()
        assert "2" in text


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n%EO-254536430\n%%EOFF",  # pypdf 582
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages << /Kids [ 1 0 R \nendobj\ntrailer << /Root 1 0 R\n%%EOF",  # 2877
        b"%PDF-1.4\nendstream endobj startxref 216 %%EOF",  # pdftotext 65
        b"%PDF-1.4\n1 0 obj\n<< /Type /Pages /Kids [1 0 R] /Count 1 >>\nendobj\n"
        b"2 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 2 0 R >>\n%%EOF",
    ],
)
def test_broken_pdfs_end_with_a_name(content: bytes) -> None:
    with pytest.raises(NodeError) as caught:
        rows(content, format="pdf")
    assert type(caught.value).__name__ == "FileInvalid"
