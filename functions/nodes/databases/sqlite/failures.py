"""From SQLite's errors to typed ones, with its code and own words."""

from typing import Final

from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout
from stepweave.runtime.errors import NodeError

_REMEDIES: Final = {
    "SQLITE_CONSTRAINT": "The data breaks a rule of the table: change the values, or leave rows that are there.",
    "SQLITE_NOTADB": "Give the node a SQLite database; one that is encrypted cannot be read.",
    "SQLITE_CORRUPT": "The file is damaged: make it anew, or mend it with the sqlite3 program (.recover).",
    "SQLITE_READONLY": "Choose an operation that changes the database.",
    "SQLITE_FULL": "The database would have more than 200 MB: delete rows, or work on a smaller one.",
    "SQLITE_TOOBIG": "A value may have 64 MB: work on a part of it.",
}


def typed(error: Exception) -> NodeError:
    """Return the typed error for one of sqlite3's, or for a value that cannot be sent or read."""
    if isinstance(error, UnicodeEncodeError | OverflowError):
        return DatabaseError(
            f"A value cannot be sent to the database: {error}.", "Change the value, or send it as text."
        )
    words = " ".join(str(error).split())
    if "decode to UTF-8" in words:
        return DatabaseError("The database returned text that is not UTF-8.", "Select it as hex(column).")
    code = str(getattr(error, "sqlite_errorname", "") or "")
    message = f"{code}: {words}" if code else words
    details = {"code": code} if code else {}
    if code == "SQLITE_INTERRUPT":
        return DatabaseTimeout(
            message, "Make the statement faster (an index may help), or raise the time-out.", details=details
        )
    remedy = next((text for begin, text in _REMEDIES.items() if code.startswith(begin)), "")
    return DatabaseError(message, remedy or "Check the SQL, and the names of tables and columns.", details=details)
