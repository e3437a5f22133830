"""From the driver's errors to typed ones, with the server's number, SQLSTATE and own words."""

from typing import Any, Final

from pymysql import err

from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import NodeError

_UNDONE: Final = frozenset({1213})
"""A deadlock: the server undid the whole transaction."""
_PASSING: Final = _UNDONE | {
    1040,
    1053,
    1158,
    1159,
    1160,
    1161,
    1203,
    1205,
    1226,
    1317,
    1615,
    1927,
    2002,
    2003,
    2006,
    2013,
}
"""What passes: too many connections, shutting down, lost connections, a lock that was waited for too long
(MariaDB documentation, "MariaDB Error Codes")."""
_TOO_LONG: Final = frozenset({1969, 3024})
_LOG_IN: Final = frozenset({1044, 1045, 1049, 1130, 1251, 1698, 2026, 2059, 3118, 4151})
_RULE: Final = frozenset({1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 3819, 4025})
_VALUE: Final = frozenset({1264, 1265, 1292, 1366, 1367, 1406, 1411, 1441, 3140, 3141})
_NAME: Final = frozenset({1054, 1064, 1109, 1142, 1143, 1146, 1149, 1305})
_REMEDIES: Final = (
    (_LOG_IN, "Check user, password, database and TLS in the credential."),
    (_RULE, "The data breaks a rule of the table: change the values, or choose to leave rows that are there already."),
    (_VALUE, "A value does not fit its column or function: change the value."),
    (_NAME, "Check the SQL, and the names of tables and columns."),
)


def typed(error: Exception) -> NodeError:
    """Return the typed error for one of PyMySQL's, or for a value that cannot be sent or read."""
    if isinstance(error, UnicodeDecodeError):
        return DatabaseError("The database returned text that is not UTF-8.", "Select it as HEX(column).")
    if isinstance(error, RecursionError):
        return DatabaseError("A JSON value is nested too deeply to be read.", "Select a part of it.")
    if not isinstance(error, err.MySQLError):
        return DatabaseError(f"A value cannot be sent to the database: {error}.", "Change the value.")
    number, words = _said(error)
    state = str(getattr(error, "sqlstate", "") or "")
    details: dict[str, Any] = {"number": number, **({"sqlstate": state} if state else {})}
    message = f"{number} ({state}): {words}" if state else f"{number}: {words}" if number else words
    if number in _TOO_LONG or (number == 2013 and "timed out" in words):
        return DatabaseTimeout(
            message, "Make the statement faster (an index may help), or raise the time-out.", details=details
        )
    if number in _PASSING or isinstance(error, err.InterfaceError):
        passing = DatabaseUnavailable(
            message or "The connection is closed",
            "Try again; check that the database runs and the credential names it.",
            details=details,
        )
        passing.undone = number in _UNDONE
        return passing
    remedy = next((words for numbers, words in _REMEDIES if number in numbers), "Check the statement and its values.")
    return DatabaseError(message, remedy, details=details)


def _said(error: err.MySQLError) -> tuple[int, str]:
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    words = error.args[-1] if error.args else type(error).__name__
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    return number, " ".join(str(words).split())
