"""Spreadsheets, sheets and columns to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.google.api import drive_with, files_of_type
from functions.nodes.apps.google.nodes.sheets.cells import place, spreadsheet_id, text_of
from functions.nodes.apps.google.nodes.sheets.requests import SHEETS, VALUES
from functions.nodes.apps.google.nodes.sheets.spec import APP
from functions.nodes.apps.google.nodes.sheets.table import named
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.operations import RequestSpec

SPREADSHEETS: Final = files_of_type("spreadsheets", "application/vnd.google-apps.spreadsheet")


def sheets(asked: Asked, wanted: Wanted) -> Options:
    """Return the names of the spreadsheet's sheets, in the order of their tabs."""
    found = [one["properties"] for one in _ask(asked, SHEETS)["sheets"]]
    return Options(
        [Option(one["title"], detail=f"{one.get('gridProperties', {}).get('rowCount', 0)} rows") for one in found]
    )


def columns(asked: Asked, wanted: Wanted) -> Options:
    """Return the names in the sheet's header row."""
    row = asked.param("headerRow") or 1
    ranges = [place(str(asked.param("sheet") or ""), f"{row}:{row}")]
    [found] = _ask(asked, VALUES, ranges=ranges, render="FORMATTED_VALUE")["valueRanges"]
    cells = [text_of(cell) for cell in next(iter(found.get("values", ())), [])]
    return Options([Option(name) for name in named(cells)])


LOADERS: Final[Mapping[str, LoadOptions]] = {
    **loaders_of(drive_with(SPREADSHEETS), "spreadsheets"),
    "sheets": sheets,
    "columns": columns,
}


def _ask(asked: Asked, request: RequestSpec, **more: Any) -> Any:
    id = spreadsheet_id(str(asked.param("spreadsheet") or ""))
    return asking(APP, asked, str(asked.param("credential") or ""), request, {"id": id, **more}).answer().body
