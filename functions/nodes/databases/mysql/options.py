"""Tables and columns of the user's database, for the editor to choose from, and the test of its credential."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.databases.mysql.opening import session
from stepweave.runtime.options import LoadOptions
from stepweave.runtime.sql.choices import PAGE, Catalogue, table_parts
from stepweave.runtime.sql.testing import tries

_TABLES: Final = f"""\
SELECT TABLE_NAME AS name, IF(TABLE_TYPE LIKE '%VIEW', 'view', '') AS kind,
  IF(TABLE_SCHEMA = DATABASE(), '', TABLE_SCHEMA) AS place
FROM information_schema.TABLES
WHERE TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
  AND (DATABASE() IS NULL OR TABLE_SCHEMA = DATABASE())
  AND LOCATE(LOWER(?), LOWER(TABLE_NAME)) > 0
ORDER BY place, name LIMIT {PAGE + 1} OFFSET ?"""  # noqa: S608 - a number

_COLUMNS: Final = """\
SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type,
  IS_NULLABLE = 'NO' AND COLUMN_DEFAULT IS NULL AND EXTRA NOT LIKE '%auto_increment%' AS needed,
  EXTRA LIKE '%GENERATED%' AND EXTRA NOT LIKE '%DEFAULT_GENERATED%' AS made
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION"""


def _parts(table: str) -> tuple[str | None, str]:
    *place, name = table_parts(table, "`")
    return (place[-1] if place else None, name)


LOADERS: Final[Mapping[str, LoadOptions]] = Catalogue("mysql", session, _TABLES, _COLUMNS, _parts).loaders()
try_out = tries("mysql", session, "SELECT VERSION()")
