"""The connection to the user's database, from its credential, over python-tds.

Its own `connect` goes where a server sends it, with no look at the address, and trusts no certificate without a file of
authorities, so the parts of it are put together here.
"""

import contextlib
import socket
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final

import pytds
from OpenSSL import SSL, crypto
from pytds import tds_base
from pytds.tds_socket import _TdsSocket

from functions.nodes.databases.sql_server.failures import typed
from stepweave.runtime.database_errors import DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.sql.sockets import CONNECT_SECONDS, account_host, opened

_MOST_ROUTES: Final = 2
_AUTO_COMMIT: Final = True


def connect(account: Mapping[str, Any], *, seconds: float, statement_seconds: float) -> _TdsSocket:
    """Return a connection that commits each statement on its own.

    Args:
        account: the credential's data.
        seconds: there are for the connection.
        statement_seconds: for one statement.

    Raises:
        CredentialMissing: the credential is incomplete.
        AddressForbidden: the host, or where it sends us, is not public.
        ConnectionFailed: the host has no address.
        DatabaseError: the server refuses the log-in.
        DatabaseUnavailable: the server cannot be reached, or its certificate is not to be trusted.
    """
    host, port = account_host(account), int(account.get("port") or 1433)
    for _ in range(_MOST_ROUTES):
        route = _connected(account, host, port, seconds, statement_seconds)
        if isinstance(route, _TdsSocket):
            return route
        host, port = str(route["server"]), int(route["port"])
    raise DatabaseUnavailable(f"The server sends its clients on and on, last to {host}:{port}.", "Try again.")


def _connected(account: Mapping[str, Any], host: str, port: int, seconds: float, statement_seconds: float) -> Any:
    """Return a connection, or the route to another server that this one names."""
    login = _login(account, host, port)
    plain = opened(host, port, seconds)
    try:
        plain.settimeout(min(seconds, CONNECT_SECONDS))
        made = _TdsSocket(sock=plain, login=login, autocommit=_AUTO_COMMIT)
        route = made.login()
        if route is not None:
            plain.close()
            return route
        made.sock.settimeout(statement_seconds)
    except (tds_base.Error, SSL.Error, OSError) as error:
        with contextlib.suppress(OSError):
            plain.close()
        raise typed(error) from None
    return made


def _login(account: Mapping[str, Any], host: str, port: int) -> Any:
    login = tds_base._TdsLogin()
    login.server_name, login.port = host, port
    login.client_host_name, login.app_name, login.library = "stepweave", "stepweave", "python-tds"
    login.user_name, login.password = str(account.get("user") or ""), str(account.get("password") or "")
    login.database = str(account.get("database") or "")
    login.option_flag2 = tds_base.TDS_ODBC_ON
    login.client_lcid = 0x0409
    login.client_tz = pytds.tz.utc
    login.bytes_to_unicode = True
    login.validate_host = False  # done below, by both kinds of names
    mode = account.get("sslMode") or "require"
    if mode == "disable":
        login.enc_flag = tds_base.PreLoginEnc.ENCRYPT_NOT_SUP
    else:
        login.enc_flag = tds_base.PreLoginEnc.ENCRYPT_ON
        login.tls_ctx = _tls(host, str(account.get("ca") or "") if mode == "verify-full" else None)
    return login


def _tls(host: str, authority: str | None) -> SSL.Context:
    """Return what encrypts; with an authority's certificate ("": the public ones), also what checks the server's."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)  # TDS 7.4 has its handshake in its own packets
    if authority is None:
        context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        return context
    context.set_verify(
        SSL.VERIFY_PEER, lambda _, shown, __, depth, good: bool(good) and (depth > 0 or is_for(shown, host))
    )
    if not authority.strip():
        context.set_default_verify_paths()
        return context
    store = context.get_cert_store()
    try:
        for part in authority.replace("\\n", "\n").split("-----END CERTIFICATE-----")[:-1]:
            pem = f"{part.strip()}\n-----END CERTIFICATE-----\n"
            store.add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, pem.encode()))  # type: ignore[union-attr]
    except crypto.Error:
        raise CredentialMissing(
            "The certificate of the authority cannot be read.", "Paste it whole, with its BEGIN and END lines."
        ) from None
    return context


def is_for(certificate: Any, host: str) -> bool:
    """Return whether a certificate names a host (RFC 6125): a wildcard stands for one label, the first."""
    from cryptography import x509

    try:
        names = certificate.to_cryptography().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    with contextlib.suppress(ValueError):
        return ip_address(host) in names.get_values_for_type(x509.IPAddress)
    wanted = host.lower().rstrip(".")
    return any(
        name.lower() == wanted or (name.startswith("*.") and wanted.partition(".")[2] == name[2:].lower())
        for name in names.get_values_for_type(x509.DNSName)
    )


def closed(connection: _TdsSocket) -> None:
    """End a connection, which undoes what was not kept."""
    with contextlib.suppress(tds_base.Error, SSL.Error, OSError, socket.timeout):
        connection.close()
