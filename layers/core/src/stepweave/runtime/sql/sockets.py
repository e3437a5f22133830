"""Sockets to database servers: opened to checked addresses, with TLS as the credential says."""

import socket
import ssl
from collections.abc import Mapping
from typing import Any, Final

from stepweave.runtime.database_errors import DatabaseUnavailable
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.network import addresses_of

CONNECT_SECONDS: Final = 10.0


def opened(host: str, port: int, seconds: float) -> socket.socket:
    """Return a socket to a host that a node may reach.

    Args:
        host: a name or an address.
        port: where.
        seconds: how long to try each of its addresses.

    Raises:
        AddressForbidden: the host is not public.
        ConnectionFailed: it has no address.
        DatabaseUnavailable: nobody listens there.
    """
    failure: OSError | None = None
    for address in addresses_of(host, port):
        try:
            made = socket.create_connection((address, port), min(seconds, CONNECT_SECONDS))
        except OSError as error:
            failure = error
            continue
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return made
    words = str(failure and (failure.strerror or failure))
    raise DatabaseUnavailable(
        f"{host}:{port} cannot be reached: {words}.",
        "Check that the database runs, that the credential names it, and that its firewall lets this platform in.",
    )


def tls_context(account: Mapping[str, Any]) -> ssl.SSLContext | None:
    """Return what encrypts, by a credential's `sslMode` and `ca`; None for none.

    `verify-full` checks the certificate and its name; other modes only encrypt, as libpq's do.

    Raises:
        CredentialMissing: the certificate of the authority cannot be read.
    """
    mode = account.get("sslMode") or "require"
    if mode == "disable":
        return None
    context = ssl.create_default_context()
    if mode != "verify-full":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif authority := str(account.get("ca") or "").strip():
        try:
            context.load_verify_locations(cadata=authority.replace("\\n", "\n"))
        except (ssl.SSLError, ValueError):
            raise CredentialMissing(
                "The certificate of the authority cannot be read.", "Paste it whole, with its BEGIN and END lines."
            ) from None
    return context


def account_host(account: Mapping[str, Any]) -> str:
    """Return the host of a credential. Raises CredentialMissing where there is none."""
    host = str(account.get("host") or "").strip()
    if not host:
        raise CredentialMissing("The database's credential names no host.", "Complete the credential.")
    return host
