"""The tables of docs/reference/contracts.md, written from the models.

    python -m local.tables           write them
    python -m local.tables --check   exit 1 when they are stale

What a table is for is its model's docstring. `tests/data/test_schema.py` compares the models with the database.
"""

import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from local.settings import ROOT
from stepweave_data.models import Base

PATH: Final = ROOT / "docs" / "reference" / "contracts.md"
BEGIN: Final = "<!-- tables: written by `make generate` from stepweave_data.models -->\n"
END: Final = "<!-- end of tables -->\n"
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
_SHORT: Final = {"TIMESTAMP WITH TIME ZONE": "timestamptz", "INTEGER": "int"}


def rendered(page: str) -> str:
    """Return the page with the tables that there are. Raises ValueError where it has no place for them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PATH.name} has no {BEGIN.strip()} ... {END.strip()}")
    rows = "\n".join(_row(model.__doc__ or "", Base.metadata.tables[model.__tablename__]) for model in _models())
    return f"{before}{begin}\n| table | what | columns |\n| --- | --- | --- |\n{rows}\n\n{end}{after}"


def main(arguments: list[str]) -> int:
    """Write, or check. Returns the exit status."""
    page = PATH.read_text(encoding="utf-8")
    wanted = rendered(page)
    if "--check" not in arguments:
        Path(PATH).write_text(wanted, encoding="utf-8")
        return 0
    if page == wanted:
        return 0
    print(f"The tables of {PATH.name} are stale; run `make generate`.", file=sys.stderr)  # output
    return 1


def _models() -> list[type[Base]]:
    """Return the models in the order in which they are written down."""
    return Base.__subclasses__()


def _row(about: str, table: Table) -> str:
    columns = ", ".join(_column(column) for column in table.columns)
    keys = [column.name for column in table.primary_key]
    whole = "" if keys == ["id"] else f"; primary key ({', '.join(keys)})"
    return f"| `{table.name}` | {' '.join(about.split())} | {columns}{whole} |"


def _column(column: Column[object]) -> str:
    name = column.type.compile(dialect=_DIALECT)
    kind = _SHORT.get(name, name.lower())
    optional = " null" if column.nullable else ""
    return f"{column.name} {kind}{optional}{' (generated)' if column.computed is not None else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
