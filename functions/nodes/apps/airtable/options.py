"""Tables, fields and views of a base, for the editor to choose from."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from functions.nodes.apps.airtable.spec import APP
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.operations import RequestSpec

_TABLES: Final = RequestSpec("GET", "/meta/bases/{base}/tables")
_COMPUTED: Final = frozenset(
    {
        "formula",
        "rollup",
        "count",
        "lookup",
        "multipleLookupValues",
        "createdTime",
        "lastModifiedTime",
        "createdBy",
        "lastModifiedBy",
        "autoNumber",
        "button",
        "externalSyncSource",
        "aiText",
    }
)
"""Types of fields that Airtable fills in itself (airtable.com/developers/web/api/field-model)."""


def tables(asked: Asked, wanted: Wanted) -> Options:
    """Return the tables of the base."""
    return Options([Option(str(one["id"]), str(one.get("name", ""))) for one in _tables(asked)])


def views(asked: Asked, wanted: Wanted) -> Options:
    """Return the views of the table."""
    found = _table(asked).get("views", [])
    return Options([Option(str(one["id"]), str(one.get("name", "")), str(one.get("type", ""))) for one in found])


def fields(asked: Asked, wanted: Wanted) -> Options:
    """Return all fields of the table, with their types."""
    return Options(_fields(asked, lambda kind: True))


def writable(asked: Asked, wanted: Wanted) -> Options:
    """Return the fields that can be written."""
    return Options(_fields(asked, lambda kind: kind not in _COMPUTED))


def attachments(asked: Asked, wanted: Wanted) -> Options:
    """Return the fields that hold files."""
    return Options(_fields(asked, lambda kind: kind == "multipleAttachments"))


def times(asked: Asked, wanted: Wanted) -> Options:
    """Return the fields that say when a record was changed."""
    return Options(_fields(asked, lambda kind: kind == "lastModifiedTime"))


LOADERS: Final[Mapping[str, LoadOptions]] = {
    **loaders_of(APP, "bases"),
    "tables": tables,
    "views": views,
    "fields": fields,
    "writable": writable,
    "attachments": attachments,
}


def _fields(asked: Asked, fits: Any) -> Iterator[Option]:
    for one in _table(asked).get("fields", []):
        kind = str(one.get("type", ""))
        if fits(kind):
            yield Option(str(one["name"]), detail=kind)


def _tables(asked: Asked) -> list[dict[str, Any]]:
    credential, base = str(asked.param("credential") or ""), str(asked.param("base") or "")
    answer = asking(APP, asked, credential, _TABLES, {"base": base}).answer().body
    return [one for one in answer.get("tables", []) if isinstance(one, dict)] if isinstance(answer, dict) else []


def _table(asked: Asked) -> dict[str, Any]:
    wanted, found = str(asked.param("table") or ""), _tables(asked)
    for one in found:
        if wanted in (one.get("id"), one.get("name")):
            return one
    names = ", ".join(str(one.get("name")) for one in found[:20])
    raise ParameterInvalid(
        f"The base has no table {wanted or '(none is chosen)'}.",
        f"Choose one of: {names}.",
        details={"field": "params.table"},
    )
