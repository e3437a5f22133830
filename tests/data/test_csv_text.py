"""Tables as CSV, both ways: what is read of which text, what is refused, and that nothing runs in a spreadsheet."""

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepweave.model.csv_cells import BOM, harmless, plain
from stepweave_data.store.csv_text import CsvInvalid, parsed, value_of, written
from stepweave_data.store.tables import Column


@pytest.mark.parametrize(
    ("text", "headers", "rows"),
    [
        ("a,b\n1,2\n", ["a", "b"], [(2, ["1", "2"])]),
        ("a,b\r\n1,2\r\n\r\n3,4", ["a", "b"], [(2, ["1", "2"]), (4, ["3", "4"])]),
        ("a,b\r1,2\r", ["a", "b"], [(2, ["1", "2"])]),
        (f"{BOM}a;b\n1,5;2\n", ["a", "b"], [(2, ["1,5", "2"])]),
        ("a\tb\n1\t2", ["a", "b"], [(2, ["1", "2"])]),
        ("a|b\n1|2", ["a", "b"], [(2, ["1", "2"])]),
        ('"a,b";c\n1;2', ["a,b", "c"], [(2, ["1", "2"])]),
        ('a,b\n"two\nlines","say ""hi"""\n3,4', ["a", "b"], [(2, ["two\nlines", 'say "hi"']), (4, ["3", "4"])]),
        ("a,b\n1\n", ["a", "b"], [(2, ["1", ""])]),
        ("a,b,,\n1,2,,\n", ["a", "b"], [(2, ["1", "2"])]),
        ("\n\na,b\n1,2", ["a", "b"], [(4, ["1", "2"])]),
        (" a , b \n 1 , 2 ", ["a", "b"], [(2, [" 1 ", " 2 "])]),
        ("__proto__,constructor\nx,y", ["__proto__", "constructor"], [(2, ["x", "y"])]),
        ("a", ["a"], []),
        ('a\n""\n', ["a"], []),
        ("ä,日本\n😀,\u2028", ["ä", "日本"], [(2, ["😀", "\u2028"])]),
    ],
)
def test_texts_of_all_kinds_are_read(text: str, headers: list[str], rows: list[Any]) -> None:
    read = parsed(text)
    assert (read.headers, read.rows) == (headers, rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line of headers"),
        (" \n\n", "no line of headers"),
        ("a,A\n1,2", "there twice"),
        ("a,,b\n1,2,3", "Header 2 is empty"),
        ("a,b\n1,2,3", "Line 2 has 3 cells, and there are 2 headers"),
        ('a,b\n1,2\n"open,3', "Line 3 cannot be read"),
        ('a,b\n"x"y,2', "Line 2 cannot be read"),
        (",".join(f"h{n}" for n in range(501)), "501 headers"),
        (f"a\n{'x' * 300_000}", "Line 2 cannot be read"),
    ],
)
def test_what_is_no_csv_says_where(text: str, words: str) -> None:
    with pytest.raises(CsvInvalid) as raised:
        parsed(text)
    assert words in raised.value.message
    assert raised.value.remedy


def test_a_delimiter_that_is_named_counts() -> None:
    assert parsed("a;b\n1;2", "comma").headers == ["a;b"]
    assert parsed("a,b;c\n1,2;3", "semicolon").rows == [(2, ["1,2", "3"])]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(1)", "＝1", "＠x", "'=1", "''=1", "'-"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe_and_comes_back(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert plain(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "'tis", "1-2", " =1", "'"])
def test_other_texts_stay(text: str) -> None:
    assert harmless(text) == text == plain(text)


def test_numbers_and_dates_are_no_formulas_and_headers_are_texts() -> None:
    types = ["text", "number", "boolean", "date", "json"]
    row = ["-1", -1.5, True, "2026-11-24T00:00:00.000Z", {"a": [1, "ä"]}]
    assert written([row], types) == '\'-1,-1.5,true,2026-11-24T00:00:00.000Z,"{""a"":[1,""ä""]}"\r\n'
    assert written([row], types, escape=False).startswith("-1,")
    assert written([[None] * 5, row[:1] + [None] * 4], types) == ",,,,\r\n'-1,,,,\r\n"
    assert written([[None]], ["text"]) == '""\r\n'
    assert written([[9007199254740993], [1e21], [0.1]], ["number"]) == "9007199254740993\r\n1e+21\r\n0.1\r\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2))
def test_any_texts_come_back_as_they_were(cells: list[str]) -> None:
    columns = [Column("1", "a", "text"), Column("2", "b", "text")]
    text = written([["a", "b"], cells], ["text", "text"])
    rows = [
        [value_of(cell, c, unescape=True) for cell, c in zip(row, columns, strict=True)] for _, row in parsed(text).rows
    ]
    assert rows == ([[cell or None for cell in cells]] if any(harmless(cell).strip() for cell in cells) else [])
    assert all(not cell or cell[0] not in "=+-@\t\r" for row in csv.reader(StringIO(text, newline="")) for cell in row)


@pytest.mark.parametrize(
    ("type", "cell", "value"),
    [
        ("text", "", None),
        ("text", " ", " "),
        ("text", "'=1", "=1"),
        ("number", " ", None),
        ("number", "1", "1"),
        ("json", '{"__proto__": 1}', {"__proto__": 1}),
        ("json", "", None),
    ],
)
def test_a_cell_gives_a_value(type: str, cell: str, value: Any) -> None:
    assert value_of(cell, Column("1", "c", type), unescape=True) == value


@pytest.mark.parametrize("cell", ["{", "abc", "[" * 3000, "NaN", '"\\u0000"'])
def test_json_that_is_none_names_its_column(cell: str) -> None:
    with pytest.raises(CsvInvalid, match="The column “c” takes JSON"):
        value_of(cell, Column("1", "c", "json"), unescape=True)
