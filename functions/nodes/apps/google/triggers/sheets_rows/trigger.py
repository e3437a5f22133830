"""Says which rows of a sheet are new, or have changed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.cells import text_of
from functions.nodes.apps.google.nodes.sheets.fields import Read
from functions.nodes.apps.google.nodes.sheets.reading import read
from functions.nodes.apps.google.nodes.sheets.spec import APP
from functions.nodes.apps.google.nodes.sheets.table import ROW_NUMBER, Table
from functions.nodes.apps.google.polling import asker
from functions.nodes.apps.google.triggers.sheets_rows.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import Poll, Thing, content_key, only_new, params_of, watched_of
from stepweave.spec.triggers import MOST_LISTED


class _Asking:
    """Asks as an operation's call does, as far as reading a sheet needs it."""

    def __init__(self, asked: Asked) -> None:
        self.ask = asker(APP, asked)


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the sheet. Raises what `SPEC.errors` names."""
    params, given = params_of(asked, Params), Poll.of(asked.given)
    call: Any = _Asking(asked)
    sheet = Read.model_validate(
        {"spreadsheet": params.spreadsheet, "sheet": params.sheet, "headerRow": params.header_row, "filters": []}
    )
    if given.first and params.key:
        Table.read(call, sheet).column(params.key)  # a column that is not there is said when publishing
    watched = watched_of(params.credential, params.spreadsheet, params.sheet, params.event, params.key)
    things = list(_things(read(call, sheet), params))[-MOST_LISTED:]
    return only_new(given, things, watched).answer()


def _things(rows: Iterator[dict[str, Any]], params: Params) -> Iterator[Thing]:
    """Yield the rows with what they are known by."""
    equal = Counter[str]()
    for row in rows:
        cells = {name: value for name, value in row.items() if name != ROW_NUMBER}
        key = text_of(cells.get(params.key.strip())) if params.key else ""
        if params.key and not key:
            continue
        known = f"={key}" if key and params.event == "added" else content_key([key, cells])
        equal[known] += 1
        # Of rows that nothing tells apart, the first is one, the second another.
        yield Thing(known if equal[known] == 1 else f"{known} {equal[known]}", row)
