"""A session on the user's database. The driver is imported at the first one: it costs what a start need not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functions.nodes.databases.sql_server.session import SqlServerSession


def session(account: Mapping[str, Any], seconds: float, statement_seconds: float | None = None) -> "SqlServerSession":
    """Return a session, of the credential's data, the seconds there are, and those of a statement."""
    from functions.nodes.databases.sql_server.connection import connect
    from functions.nodes.databases.sql_server.session import SqlServerSession

    return SqlServerSession(connect(account, seconds=seconds, statement_seconds=statement_seconds or seconds))
