"""Workbooks, their tables, worksheets and columns, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.excel.grid import BOOK, grid_of
from functions.nodes.apps.microsoft.nodes.excel.spec import APP
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.operations import RequestSpec

_SEARCH: Final = RequestSpec(
    "GET", "/{drive*}/root/search(q='{text}')", query=(("$select", "id,name,parentReference,lastModifiedDateTime"),)
)
_SHEETS: Final = RequestSpec("GET", f"{BOOK}/worksheets", query=(("$select", "id,name,visibility"),))
_TABLES: Final = RequestSpec("GET", f"{BOOK}/tables", query=(("$select", "id,name"),))
_KINDS: Final = (".xlsx", ".xlsm", ".xlsb")


def workbooks(asked: Asked, wanted: Wanted) -> Options:
    """Return the workbooks of the drive whose names or content have what is searched for."""
    text = (wanted.search.strip() or ".xlsx").replace("'", "''")
    found, after = _page(asked, _SEARCH, wanted.page, text=text)
    return Options([_workbook(one) for one in found if str(one.get("name", "")).lower().endswith(_KINDS)], after)


def sheets(asked: Asked, wanted: Wanted) -> Options:
    """Return the worksheets of the workbook."""
    found, after = _page(asked, _SHEETS, wanted.page)
    return Options([Option(str(one["name"])) for one in found], after)


def places(asked: Asked, wanted: Wanted) -> Options:
    """Return where rows can be: the tables of the workbook, and behind them its worksheets."""
    found, _ = _page(asked, _TABLES, "")
    options = [Option(str(one["name"]), detail="table") for one in found]
    found, _ = _page(asked, _SHEETS, "")
    return Options([*options, *(Option(f"{one['name']}!", str(one["name"]), "worksheet") for one in found)])


def columns(asked: Asked, wanted: Wanted) -> Options:
    """Return the columns of the table or worksheet."""

    def ask(request: RequestSpec, **more: Any) -> Any:
        credential, values = str(asked.param("credential") or ""), {**asked.params, **more}
        return asking(APP, asked, credential, request, values).answer().body

    return Options([Option(name) for name in grid_of(ask, str(asked.param("rows") or "")).names])


LOADERS: Final[Mapping[str, LoadOptions]] = {
    "workbooks": workbooks,
    "sheets": sheets,
    "places": places,
    "columns": columns,
}


def _workbook(one: Mapping[str, Any]) -> Option:
    path = str((one.get("parentReference") or {}).get("path") or "").partition("root:")[2].lstrip("/")
    return Option(str(one["id"]), str(one["name"]), path)


def _page(asked: Asked, request: RequestSpec, at: str, **more: Any) -> tuple[list[Any], str]:
    credential, values = str(asked.param("credential") or ""), {**asked.params, **more}
    return asking(APP, asked, credential, request, values).page(unsized(), "value", at)
