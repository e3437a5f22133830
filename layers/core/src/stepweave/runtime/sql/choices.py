"""Tables and columns for the editor to choose from, in databases that are asked for them with a query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.runtime.asks import Asked
from stepweave.runtime.database_errors import DatabaseError
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.runtime.sql.session import Session, Statement

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Catalogue:
    """How a database tells of its tables and columns.

    Attributes:
        credential: the type of credential.
        connect: gives a session, of the credential's data and the seconds there are.
        tables: SQL that gives `name`, `kind` and `place` (the schema, where it is not the default one) of tables whose
            names contain a value: of `PAGE + 1`, behind as many as a second value says.
        columns: SQL that gives `name`, `type`, `needed` and `made` (by the server itself) of the columns of a table.
        parts: gives the values for `columns`, of the table's name.
    """

    credential: str
    connect: Callable[[Mapping[str, Any], float], Session]
    tables: str
    columns: str
    parts: Callable[[str], tuple[Any, ...]]

    def loaders(self) -> Mapping[str, LoadOptions]:
        """Return the loaders `tables`, `columns` and `writable`."""
        return {"tables": self._tables, "columns": self._columns, "writable": self._writable}

    def _tables(self, asked: Asked, wanted: Wanted) -> Options:
        skip = int(wanted.page or 0)
        rows = self._rows(asked, Statement(self.tables, (wanted.search.replace("\0", ""), skip)))
        found = [
            Option(f"{row['place']}.{row['name']}" if row["place"] else row["name"], detail=row["kind"] or "")
            for row in rows[:PAGE]
            if "." not in row["name"]
        ]
        return Options(found, str(skip + PAGE) if len(rows) > PAGE else "")

    def _columns(self, asked: Asked, wanted: Wanted) -> Options:
        return Options([Option(row["name"], detail=row["type"]) for row in self._of_table(asked)])

    def _writable(self, asked: Asked, wanted: Wanted) -> Options:
        return Options(
            [
                Option(
                    row["name"],
                    detail=f"{row['type']}, required" if row["needed"] else row["type"],
                    required=bool(row["needed"]),
                )
                for row in self._of_table(asked)
                if not row["made"]
            ]
        )

    def _of_table(self, asked: Asked) -> list[dict[str, Any]]:
        table = str(asked.param("table") or "").strip()
        if not table:
            raise ParameterInvalid("Table: nothing is given.", "Choose a table.", details={"field": "params.table"})
        rows = self._rows(asked, Statement(self.columns, self.parts(table)))
        if not rows:
            raise DatabaseError(f"There is no table {table}.", "Choose one, or look at the credential's database.")
        return rows

    def _rows(self, asked: Asked, statement: Statement) -> list[dict[str, Any]]:
        account = asked.credential(str(asked.param("credential") or ""), self.credential)
        session = self.connect(account, asked.remaining())
        try:
            return list(session.send(statement).rows or ())
        finally:
            session.close()


def table_parts(text: str, quotes: str) -> tuple[str, ...]:
    """Return the parts of a table's name, without the quotes that people write around them."""
    return tuple(part.strip().strip(quotes) for part in text.split("."))


def distinct(names: list[str]) -> list[str]:
    """Return columns' names with a number behind those that were there before: `id`, `id_2`."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return made
