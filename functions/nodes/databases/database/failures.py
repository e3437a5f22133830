"""From the driver's errors to typed ones, with SQLSTATE and the server's own words."""

import re
from typing import Any, Final

import psycopg

from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import NodeError

_PASSING: Final = re.compile(r"08...|40001|40P01|53...|57P0[1-5]")
"""SQLSTATEs that pass: connection exceptions, serialisation failure, deadlock, too few resources, shutting down
(PostgreSQL documentation, appendix A)."""
_UNDONE: Final = ("40001", "40P01")
"""Of them, those after which the same transaction may be sent again at once."""
_CANCELLED: Final = "57014"
_FOR_GOOD: Final = re.compile(
    r"FATAL: +(password authentication failed|role .* does not exist|database .* does not exist|no pg_hba.conf entry"
    r"|permission denied)|no password supplied|server does not support SSL|certificate verify failed",
)
_REMEDIES: Final = {
    "23": "The data breaks a rule of the table: change the values, or choose to skip rows that are there already.",
    "42": "Check the SQL, and the names of tables and columns.",
    "28": "Check user and password in the credential.",
    "22": "A value does not fit its column or function: change the value.",
}


def typed(error: Exception) -> NodeError:
    """Return the typed error for one of psycopg's, or for a value that cannot be sent."""
    if isinstance(error, UnicodeDecodeError):
        return DatabaseError(
            "The database returned text that is not UTF-8.", "Convert it: convert_from(\"column\"::bytea, 'LATIN1')."
        )
    if not isinstance(error, psycopg.Error):
        return DatabaseError(f"A value cannot be sent to the database: {error}.", "Change the value.")
    state = error.sqlstate or ""
    message, details = _words(error)
    if state == _CANCELLED:
        return DatabaseTimeout(
            f"The statement was cancelled: {message}",
            "Make the statement faster (an index may help), or raise the time-out.",
            details=details,
        )
    connection_lost = isinstance(error, psycopg.OperationalError) and not state and not _FOR_GOOD.search(message)
    if _PASSING.fullmatch(state) or connection_lost:
        passing = DatabaseUnavailable(
            message, "Try again; check that the database runs and the credential names it.", details=details
        )
        passing.undone = state in _UNDONE
        return passing
    if "multiple commands" in message:
        return DatabaseError(
            message, "Write one statement for each node, or several in one WITH or DO.", details=details
        )
    remedy = _REMEDIES.get(state[:2]) or (
        _REMEDIES["28"] if _FOR_GOOD.search(message) else "Check the statement and its values."
    )
    return DatabaseError(message, remedy, details=details)


def _words(error: psycopg.Error) -> tuple[str, dict[str, Any]]:
    """Return the server's words as one line, and what else it said. Never the statement's values by our own doing."""
    diagnostics = error.diag
    details = {
        name: value
        for name, value in (
            ("sqlstate", error.sqlstate),
            ("detail", diagnostics.message_detail),
            ("hint", diagnostics.message_hint),
            ("table", diagnostics.table_name),
            ("column", diagnostics.column_name),
            ("constraint", diagnostics.constraint_name),
            ("position", diagnostics.statement_position),
        )
        if value
    }
    primary = diagnostics.message_primary or " ".join(str(error).split()) or type(error).__name__
    message = f"{error.sqlstate}: {primary}" if error.sqlstate else primary
    if diagnostics.message_detail:
        message = f"{message} ({diagnostics.message_detail})"
    return message, details
