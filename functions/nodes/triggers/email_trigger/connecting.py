"""Connecting to a mail server: whom to trust, how to log in, and what it says where that fails."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final

from functions.nodes.triggers.email_trigger.client import Client
from functions.nodes.triggers.email_trigger.errors import EncryptionRequired, MailServerRefused, MailServerUnavailable
from functions.nodes.triggers.email_trigger.saying import broken, line_of, passes
from functions.nodes.triggers.email_trigger.server import MailServer
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.network import ConnectionFailed, addresses_of

_MOST_WAIT: Final = 20.0
"""Seconds for one answer: a connection of which only our half is open says nothing at all."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@contextlib.contextmanager
def connected(account: Mapping[str, Any], remaining: Callable[[], float]) -> Iterator[MailServer]:
    """Log in, and out in the end.

    Args:
        account: the data of a credential of type `imap`.
        remaining: gives the seconds left.

    Raises:
        CredentialMissing: host, port, user or password are not there, or cannot be sent.
        EncryptionRequired: there is none, and the server is elsewhere.
        AddressForbidden: the server's addresses are private.
        ConnectionFailed: its name has no address, or its certificate is not to be trusted.
        MailServerRefused: the log-in.
        MailServerUnavailable: it cannot be reached, or takes nobody now.
    """
    host, user, password = (str(account.get(name) or "") for name in ("host", "user", "password"))
    port, security = account.get("port") or 993, str(account.get("security") or "tls")
    if not host or not user or not isinstance(port, int):
        raise CredentialMissing("The mailbox's credential has no host, port and user.", "Complete the credential.")
    if _CONTROL.search(user + password):
        raise CredentialMissing(
            "User or password hold a line break or another control character.", "Enter them again in the credential."
        )
    where = f"{host}:{port}"
    addresses = addresses_of(host, port)
    if security == "none" and not all(ip_address(one.partition("%")[0]).is_loopback for one in addresses):
        raise EncryptionRequired(
            f"{where} is not on this machine, and the credential has no encryption.",
            "Choose TLS or STARTTLS in the credential.",
        )
    client = _opened(host, port, addresses, security, min(_MOST_WAIT, remaining()))
    try:
        _log_in(client, where, user, password)
        yield MailServer(client, where)
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            client.sock.settimeout(1.0)
            client.logout()
        with contextlib.suppress(OSError):
            client.shutdown()


def _opened(host: str, port: int, addresses: Sequence[str], security: str, seconds: float) -> Client:
    where = f"{host}:{port}"
    context = None if security == "none" else ssl.create_default_context()
    client: Client | None = None
    try:
        client = Client(host, port, addresses, context if security == "tls" else None, seconds)
        if security == "starttls" and "STARTTLS" not in client.capabilities:
            raise imaplib.IMAP4.error("it is not among what it can do")
        if security == "starttls":
            client.starttls(context)
        return client
    except ssl.SSLCertVerificationError as error:
        failure: NodeError = ConnectionFailed(
            f"The certificate of {where} is not to be trusted: {error.verify_message}.",
            "Check the host's name; the certificate must be for it, and from an authority that is known.",
        )
    except (imaplib.IMAP4.error, OSError) as error:
        if client is not None and not isinstance(error, imaplib.IMAP4.abort | OSError):
            failure = MailServerRefused(
                f"{where} has no STARTTLS: {line_of(error.args)}", "Choose TLS, with the port that it has for that."
            )
        else:
            failure = broken(where, error)
    if client is not None:
        with contextlib.suppress(OSError):
            client.shutdown()
    raise failure


def _log_in(client: Client, where: str, user: str, password: str) -> None:
    try:
        if client.state == "NONAUTH":
            if "AUTH=PLAIN" in client.capabilities:
                client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            elif not (user + password).isascii():
                raise MailServerRefused(
                    f"{where} takes users and passwords of ASCII characters only.",
                    "Set a password without umlauts and other such characters, or an app password.",
                )
            elif "LOGINDISABLED" in client.capabilities:
                raise MailServerRefused(
                    f"{where} takes no log-in by user and password over this connection.",
                    "Choose TLS or STARTTLS in the credential.",
                )
            else:
                client.login('"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"', password)
        if "ID" in client.capabilities:  # some servers open no mailbox for clients without a name (RFC 2971)
            client.xatom("ID", '("name" "Stepweave")')
        told = client.capability()[1]  # there are others once somebody is logged in
        client.capabilities = tuple(line_of(told[-1:]).upper().split()) or client.capabilities
    except imaplib.IMAP4.abort as error:
        raise broken(where, error) from None
    except imaplib.IMAP4.error as error:
        words = line_of(error.args)
        alert = line_of(client.response("ALERT")[1] or [])
        said = f"{words} ({alert})" if alert and alert not in words else words
        if passes(words):
            raise MailServerUnavailable(f"{where} takes no log-in now: {said}", "It is tried again.") from None
        raise MailServerRefused(
            f"{where} refused the log-in of {user}: {said}",
            "Check user and password in the credential; where there is two-factor log-in, use an app password.",
            details={"answer": said},
        ) from None
    except OSError as error:
        raise broken(where, error) from None
