"""The connection to the user's database, from its credential."""

import contextlib
from collections.abc import Mapping
from typing import Any, Final

from pymysql import err
from pymysql.connections import Connection

from functions.nodes.databases.mysql.failures import typed
from stepweave.runtime.sql.sockets import CONNECT_SECONDS, account_host, opened, tls_context

_SLACK: Final = 5.0
"""Seconds beyond a statement's time-out before the connection is given up: the server should have ended it."""


class _Guarded(Connection):  # type: ignore[misc]  # PyMySQL has no types
    """PyMySQL's connection, which sends no password in the clear."""

    def _process_auth(self, plugin_name: bytes, auth_packet: Any, handler: Any = None) -> Any:
        if plugin_name == b"mysql_clear_password" and not self._secure:
            raise err.OperationalError(2059, "The server asks for the password in the clear, and TLS is off")
        return super()._process_auth(plugin_name, auth_packet, handler)


def connect(account: Mapping[str, Any], *, seconds: float, statement_seconds: float) -> Connection:
    """Return a connection that commits each statement on its own, in UTC, and refuses values that do not fit.

    Args:
        account: the credential's data.
        seconds: there are for the connection.
        statement_seconds: for one statement.

    Raises:
        CredentialMissing: the credential is incomplete.
        AddressForbidden: the host is not public.
        ConnectionFailed: the host has no address.
        DatabaseError: the server refuses the log-in.
        DatabaseUnavailable: the server cannot be reached.
    """
    host, port = account_host(account), int(account.get("port") or 3306)
    mode = account.get("sslMode") or "require"
    context = tls_context(account)
    made = _Guarded(
        host=host,
        port=port,
        user=str(account.get("user") or ""),
        password=str(account.get("password") or "").encode(),
        database=str(account.get("database") or "") or None,
        charset="utf8mb4",
        autocommit=True,
        read_timeout=min(seconds, CONNECT_SECONDS),
        write_timeout=statement_seconds + _SLACK,
        ssl=context if mode != "prefer" else None,
        ssl_disabled=context is None,
        defer_connect=True,
    )
    socket = opened(host, port, seconds)
    try:
        made.connect(socket)
        made._read_timeout = statement_seconds + _SLACK
        _set_up(made, statement_seconds)
    except (err.MySQLError, OSError, RuntimeError) as error:
        with contextlib.suppress(Exception):
            made._force_close()
        socket.close()
        raise typed(error if isinstance(error, err.MySQLError) else err.OperationalError(2003, str(error))) from None
    return made


def is_mariadb(connection: Connection) -> bool:
    """Return whether the server is a MariaDB, which returns the rows that it wrote."""
    return "mariadb" in str(connection.server_version).lower()


def _set_up(connection: Connection, seconds: float) -> None:
    limit = (
        f"max_statement_time = {seconds:.3f}"
        if is_mariadb(connection)
        else f"max_execution_time = {seconds * 1000:.0f}"
    )
    strict = "sql_mode = CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'STRICT_ALL_TABLES')"
    connection.query(f"SET SESSION time_zone = '+00:00', SESSION {strict}, SESSION {limit}")
