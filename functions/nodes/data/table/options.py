"""Tables and columns, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime import Asked
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.kept import WITHIN


def tables(asked: Asked, wanted: Wanted) -> Options:
    """Return the tables, each with how many rows it has."""
    found = asked.store.do({"do": "tables", WITHIN: asked.param(WITHIN)})
    return Options([Option(one["name"], detail=f"{one['rows']:,} rows") for one in found])


def columns(asked: Asked, wanted: Wanted) -> Options:
    """Return the columns of the table that a node may write."""
    return Options([Option(name, detail=type) for name, type in _columns(asked)])


def readable(asked: Asked, wanted: Wanted) -> Options:
    """Return the columns of the table, and those that every table has."""
    own = [("id", "number"), ("createdAt", "date"), ("updatedAt", "date")]
    return Options([Option(name, detail=type) for name, type in (*_columns(asked), *own)])


LOADERS: Final[Mapping[str, LoadOptions]] = {"tables": tables, "columns": columns, "readable": readable}


def _columns(asked: Asked) -> list[tuple[str, str]]:
    table = str(asked.param("table") or "").strip()
    if not table:
        raise ParameterInvalid("Table: nothing is given.", "Choose a table.", details={"field": "params.table"})
    return [
        (one["name"], one["type"])
        for one in asked.store.do({"do": "columns", "table": table, WITHIN: asked.param(WITHIN)})
    ]
