"""Tables and columns of the user's database, for the editor to choose from, and the test of its credential."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.databases.sql_server.opening import session
from stepweave.runtime.options import LoadOptions
from stepweave.runtime.sql.choices import PAGE, Catalogue, table_parts
from stepweave.runtime.sql.testing import tries

_TABLES: Final = f"""\
SELECT o.name AS name, CASE o.type WHEN 'V' THEN 'view' ELSE '' END AS kind,
  CASE s.name WHEN SCHEMA_NAME() THEN '' ELSE s.name END AS place
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
  AND (@p1 = N'' OR CHARINDEX(LOWER(@p1), LOWER(s.name + N'.' + o.name)) > 0)
ORDER BY place, name OFFSET @p2 ROWS FETCH NEXT {PAGE + 1} ROWS ONLY"""  # noqa: S608 - a number

_COLUMNS: Final = """\
SELECT c.name AS name, t.name AS type,
  CAST(CASE WHEN c.is_nullable = 0 AND c.default_object_id = 0 AND c.is_identity = 0 THEN 1 ELSE 0 END AS bit)
    AS needed,
  CAST(CASE WHEN c.is_computed = 1 OR c.is_identity = 1 OR t.name = 'timestamp' THEN 1 ELSE 0 END AS bit) AS made
FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
WHERE c.object_id = OBJECT_ID(@p1) ORDER BY c.column_id"""


def _parts(table: str) -> tuple[str]:
    from functions.nodes.databases.sql_server.session import quoted

    return (".".join(map(quoted, table_parts(table, '[]"'))),)


LOADERS: Final[Mapping[str, LoadOptions]] = Catalogue("sql_server", session, _TABLES, _COLUMNS, _parts).loaders()
try_out = tries("sql_server", session, "SELECT @@VERSION AS version")
