"""Connecting to a mail server: whom to trust, how to log in, and what it says where that fails."""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final, Protocol

from stepweave.runtime.authentication import Types
from stepweave.runtime.errors import NodeError
from stepweave.runtime.mailbox.account import Account
from stepweave.runtime.mailbox.client import Client
from stepweave.runtime.mailbox.errors import EncryptionRequired, MailServerRefused, MailServerUnavailable
from stepweave.runtime.mailbox.saying import broken, line_of, passes
from stepweave.runtime.mailbox.server import MailServer
from stepweave.runtime.network import ConnectionFailed, addresses_of
from stepweave.runtime.sasl import MECHANISMS, TokenLogin, mechanism_of
from stepweave.spec.mails import READERS

_MOST_WAIT: Final = 20.0
"""Seconds for one answer: a connection of which only our half is open says nothing at all."""
_CHECK_LOG_IN: Final = (
    "Check user and password in the credential; where there is two-factor log-in, use an app password. Microsoft 365"
    " takes no passwords: use its credential with OAuth2."
)
_CHECK_ACCESS: Final = (
    "Check that the address is the mailbox of the account that was connected, or one that it may open; that the"
    " credential's scope is for IMAP; that IMAP is on for the mailbox; then connect the credential again."
)


class Asker(Protocol):
    """On whose behalf a server is asked: a step, or an ask of the control plane."""

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As in `Step`."""

    def remaining(self) -> float:
        """As in `Step`."""


@contextlib.contextmanager
def connected(asked: Asker, credential: str) -> Iterator[MailServer]:
    """Log in, and out in the end. A token that the server refuses is renewed once.

    Args:
        asked: who asks, with how much time.
        credential: the id of a type of `READERS`.

    Raises:
        CredentialMissing: it is not there, not complete, or cannot be sent; and what else `Asked.credential` raises.
        EncryptionRequired: there is none, and the server is elsewhere.
        AddressForbidden: the server's addresses are private.
        ConnectionFailed: its name has no address, or its certificate is not to be trusted.
        MailServerRefused: the log-in.
        MailServerUnavailable: it cannot be reached, or takes nobody now.
    """
    data = asked.credential(credential, READERS)
    account = Account.of(data)
    try:
        client = _session(account, asked.remaining)
    except MailServerRefused as error:
        if not account.token or "answer" not in error.details:
            raise
        renewed = Account.of(asked.credential(credential, READERS, data))
        if renewed.token == account.token:
            raise
        client = _session(renewed, asked.remaining)
    try:
        yield MailServer(client, account.where)
    finally:
        _end(client)


def _session(account: Account, remaining: Callable[[], float]) -> Client:
    """Return a client that is logged in."""
    addresses = addresses_of(account.host, account.port)
    if account.security == "none" and not all(ip_address(one.partition("%")[0]).is_loopback for one in addresses):
        raise EncryptionRequired(
            f"{account.where} is not on this machine, and the credential has no encryption.",
            "Choose TLS or STARTTLS in the credential.",
        )
    client = _opened(account.host, account.port, addresses, account.security, min(_MOST_WAIT, remaining()))
    try:
        _log_in(client, account)
    except BaseException:
        _end(client)
        raise
    return client


def _end(client: Client) -> None:
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
            f"The certificate of {where} is not to be trusted: {error.verify_message.rstrip('.')}.",
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


def _log_in(client: Client, account: Account) -> None:
    where, login = account.where, _token_login(client, account) if account.token else None
    try:
        if client.state == "NONAUTH":
            if login is not None:
                client.authenticate(login.mechanism, login.answer)
            else:
                _with_password(client, account)
        if "ID" in client.capabilities:  # some servers open no mailbox for clients without a name (RFC 2971)
            client.xatom("ID", '("name" "Stepweave")')
        told = client.capability()[1]  # there are others once somebody is logged in
        client.capabilities = tuple(line_of(told[-1:]).upper().split()) or client.capabilities
    except imaplib.IMAP4.abort as error:
        raise broken(where, error) from None
    except imaplib.IMAP4.error as error:
        words = line_of(error.args)
        alert = line_of(client.response("ALERT")[1] or [])
        told_too = (alert, login.refusal if login else "")
        said = words + "".join(f" ({one})" for one in told_too if one and one not in words)
        if passes(words):
            raise MailServerUnavailable(
                f"{where} takes no log-in now: {said}", "A trigger tries again by itself."
            ) from None
        raise MailServerRefused(
            f"{where} refused the log-in of {account.user}: {said}",
            _CHECK_ACCESS if login else _CHECK_LOG_IN,
            details={"answer": said},
        ) from None
    except OSError as error:
        raise broken(where, error) from None


def _with_password(client: Client, account: Account) -> None:
    user, password = account.user, account.password
    if "AUTH=PLAIN" in client.capabilities:
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
    elif not (user + password).isascii():
        raise MailServerRefused(
            f"{account.where} takes users and passwords of ASCII characters only.",
            "Set a password without umlauts and other such characters, or an app password.",
        )
    elif "LOGINDISABLED" in client.capabilities:
        remedy = "Choose TLS or STARTTLS in the credential."
        if any(f"AUTH={name}" in client.capabilities for name in MECHANISMS) and account.security != "none":
            remedy = "It wants OAuth2: make a credential of a type for mail with OAuth2."
        raise MailServerRefused(f"{account.where} takes no log-in by user and password over this connection.", remedy)
    else:
        client.login('"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"', password)


def _token_login(client: Client, account: Account) -> TokenLogin:
    offered = [name.removeprefix("AUTH=") for name in client.capabilities if name.startswith("AUTH=")]
    mechanism = mechanism_of(offered)
    if mechanism is None:
        has = f"it has {', '.join(offered)}" if offered else "it has none but user and password"
        raise MailServerRefused(
            f"{account.where} takes no log-in by OAuth2 ({' or '.join(MECHANISMS)}): {has}.",
            "Check host, port and encryption, or use a credential with user and password.",
        )
    return TokenLogin(mechanism, account.user, account.token, account.host, account.port)
