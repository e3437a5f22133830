"""From the driver's errors to typed ones, with the server's number and own words."""

from typing import Final

from pytds import tds_base

from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import NodeError

_UNDONE: Final = frozenset({1205})
"""A deadlock: the server undid the whole transaction."""
_PASSING: Final = _UNDONE | {
    *(1222, 4221, 10053, 10054, 10060, 10928, 10929, 17142, 17809, 40143, 40197, 40501, 40540, 40613),
    *(49918, 49919, 49920),
}
"""What passes: a lock that was waited for too long, too many connections, shutting down, and what Azure SQL calls
transient (Microsoft's documentation, "Transient connection errors")."""
_LOG_IN: Final = frozenset({4060, 4064, 18452, 18456, 18470, 18486, 18487, 18488, 40532, 40615})
_RULE: Final = frozenset({515, 547, 2601, 2627, 544, 273, 271})
_VALUE: Final = frozenset({220, 232, 241, 242, 245, 257, 295, 2628, 8114, 8115, 8152, 8169, 13609})
_NAME: Final = frozenset({102, 156, 170, 207, 208, 229, 230, 262, 2812, 8155})
_REMEDIES: Final = (
    (_LOG_IN, "Check user, password and database in the credential, and the server's firewall."),
    (_RULE, "The data breaks a rule of the table: change the values."),
    (_VALUE, "A value does not fit its column or function: change the value."),
    (_NAME, "Check the SQL, and the names of tables and columns."),
    ({334}, "The table has triggers: insert with SQL of your own (Run SQL), without OUTPUT."),
    ({137}, "Write @p1 for the first value, @p2 for the second, and give as many."),
)


def typed(error: Exception) -> NodeError:
    """Return the typed error for one of python-tds's, or for a value that cannot be sent or read."""
    if isinstance(error, tds_base.TimeoutError):
        return DatabaseTimeout(
            "The server did not answer in time.",
            "Make the statement faster (an index may help), or raise the time-out.",
        )
    number = int(getattr(error, "msg_no", 0) or 0)
    said = getattr(error, "text", "") or getattr(error, "strerror", "") or error
    words = " ".join(str(said).split()) or type(error).__name__
    details = {"number": number} if number else {}
    message = f"{number}: {words}" if number else words
    if number == 0 and not isinstance(error, ValueError | OverflowError):
        return DatabaseUnavailable(
            f"The connection failed: {message}.",
            "Try again; check that the database runs, that the credential names it, and its TLS.",
        )
    if number in _PASSING:
        passing = DatabaseUnavailable(
            message, "Try again; the server has too much to do, or gave way to another.", details=details
        )
        passing.undone = number in _UNDONE
        return passing
    if number == 0:
        return DatabaseError(f"A value cannot be sent to the database: {message}.", "Change the value.")
    remedy = next((words for numbers, words in _REMEDIES if number in numbers), "Check the statement and its values.")
    return DatabaseError(message, remedy, details=details)
