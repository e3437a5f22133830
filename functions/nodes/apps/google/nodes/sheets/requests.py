"""The requests of Google Sheets as data (developers.google.com/sheets/api/reference/rest)."""

from typing import Final

from stepweave.spec.operations import RequestSpec

SHEET: Final = "/v4/spreadsheets/{id}"
SHEETS: Final = RequestSpec(
    "GET", SHEET, query=(("fields", "sheets.properties(sheetId,title,index,gridProperties(rowCount,columnCount))"),)
)
VALUES: Final = RequestSpec(
    "GET",
    f"{SHEET}/values:batchGet",
    query=(
        ("ranges", "{ranges}"),
        ("valueRenderOption", "{render}"),
        ("dateTimeRenderOption", "FORMATTED_STRING"),
    ),
)
CHANGE: Final = RequestSpec("POST", f"{SHEET}:batchUpdate", body={"requests": "{requests}"})
WRITE: Final = RequestSpec(
    "POST", f"{SHEET}/values:batchUpdate", body={"valueInputOption": "{input}", "data": "{data}"}
)
APPEND: Final = RequestSpec(
    "POST",
    f"{SHEET}/values/{{range}}:append",
    query=(("valueInputOption", "{input}"), ("insertDataOption", "INSERT_ROWS"), ("fields", "updates.updatedRange")),
    body={"majorDimension": "ROWS", "values": "{rows}"},
)
CLEAR: Final = RequestSpec("POST", f"{SHEET}/values/{{range}}:clear", body={})
CREATE: Final = RequestSpec(
    "POST",
    "/v4/spreadsheets",
    query=(("fields", "spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone),sheets.properties"),),
    body={"properties": {"title": "{title}"}, "sheets": "{made?}"},
)
