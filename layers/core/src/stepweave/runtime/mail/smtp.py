"""The SMTP connection: opened at the first message, kept for the step, its refusals turned into typed errors."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final

from stepweave.model.sizes import size_text
from stepweave.runtime.errors import NodeError
from stepweave.runtime.mail.account import Account
from stepweave.runtime.mail.attachments import MOST_BYTES
from stepweave.runtime.mail.errors import EmailRefused, EmailTooLarge, EmailUnavailable
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.network import addresses_of
from stepweave.runtime.sasl import MECHANISMS, TokenLogin, mechanism_of

_MOST_WAIT: Final = 30.0
_WHAT: Final = {smtplib.SMTPAuthenticationError: "the log-in", smtplib.SMTPConnectError: "the connection"}


class _PlainClient(smtplib.SMTP):
    """Connects to a checked address, and names the host where its name counts (certificates)."""

    def __init__(self, host: str, address: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._host, self._address = host, address

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._address, port), timeout)


class _TlsClient(smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""

    def __init__(self, host: str, address: str, timeout: float) -> None:
        super().__init__(timeout=timeout, context=ssl.create_default_context())
        self._host, self._address = host, address

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._address, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=host)


class MailServer:
    """One SMTP server, for one step.

    Args:
        account: who sends, and where.
        remaining: the step's seconds left.
        renewed: gives another token where the server refuses the account's; the same where there is none.
    """

    def __init__(self, account: Account, remaining: Callable[[], float], renewed: Callable[[], str]) -> None:
        self._account = account
        self._remaining = remaining
        self._renewed = renewed
        self._client: smtplib.SMTP | None = None
        self._host, self._port, self._security = account.host, account.port, account.security

    @property
    def address(self) -> str:
        """The account's own sender."""
        return self._account.sender

    @property
    def name(self) -> str:
        """The server, for errors."""
        return f"{self._host}:{self._port}"

    @property
    def most_bytes(self) -> int:
        """Of all files of a message; servers that take less say so."""
        return MOST_BYTES

    def send(self, mail: Mail) -> dict[str, Any]:
        """Send a message and return what the output item says of it.

        Raises:
            EmailRefused: refused for good.
            EmailUnavailable: no connection, or refused for now.
        """
        try:
            client = self._client or self._connect()
            client.timeout = min(_MOST_WAIT, self._remaining())
            client.ehlo_or_helo_if_needed()
            if mail.international and not client.has_extn("smtputf8"):
                raise EmailRefused(
                    f"{self._host} takes no addresses with letters beyond ASCII in front of the @ (SMTPUTF8).",
                    "Use another address or mail server.",
                )
            options = ("SMTPUTF8", "BODY=8BITMIME") if mail.international else ()
            refused = self._transmit(client, mail, options)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise self._typed(error) from None
        except NodeError:  # of a file, in the middle of the message: the server must not take half of it
            self._drop()
            raise
        return {
            "messageId": mail.message_id,
            "accepted": [recipient for recipient in mail.recipients if recipient not in refused],
            "rejected": sorted(refused),
        }

    def _transmit(self, client: smtplib.SMTP, mail: Mail, options: Sequence[str]) -> dict[str, Any]:
        """Send a message piece by piece, and return the recipients that were refused.

        What `smtplib.SMTP.sendmail` does, which takes the whole message as one text.
        """
        content = mail.mime()
        self._check_size(client, content.size)
        if client.has_extn("size"):
            options = (*options, f"SIZE={content.size}")
        code, words = client.mail(mail.sender.spec, options)
        if code != 250:
            _reset(client, code)
            raise smtplib.SMTPSenderRefused(code, words, mail.sender.spec)
        refused: dict[str, Any] = {}
        for recipient in mail.recipients:
            code, words = client.rcpt(recipient)
            if code not in (250, 251):
                refused[recipient] = (code, words)
            if code == 421:
                break
        if len(refused) == len(mail.recipients) or code == 421:
            _reset(client, code)
            raise smtplib.SMTPRecipientsRefused(refused)
        code, words = client.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, words)
        for piece in _stuffed(content.open()):
            client.send(piece)
        code, words = client.getreply()
        if code != 250:
            raise smtplib.SMTPDataError(code, words)
        return refused

    def _check_size(self, client: smtplib.SMTP, size: int) -> None:
        """Refuse a message that the server said it does not take (RFC 1870), before it is sent."""
        said = client.esmtp_features.get("size", "").strip()
        if said.isdigit() and 0 < int(said) < size:
            raise EmailTooLarge(
                f"{self._host}:{self._port} takes messages of {size_text(int(said))}; this one has {size_text(size)}.",
                "Send fewer or smaller files, or a link to them.",
                details={"bytes": size, "most": int(said)},
            )

    def close(self) -> None:
        """Say goodbye, if connected."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> smtplib.SMTP:
        timeout = min(_MOST_WAIT, self._remaining())
        address = addresses_of(self._host, self._port)[0]
        if self._account.token and self._security == "none" and not ip_address(address.partition("%")[0]).is_loopback:
            raise EmailRefused(
                f"{self._host}:{self._port} is not on this machine, and the credential has no encryption.",
                "Choose TLS or STARTTLS in the credential: a token opens the account to whoever reads it.",
            )
        kind = _TlsClient if self._security == "tls" else _PlainClient
        client = self._client = kind(self._host, address, timeout)
        code, words = client.connect(self._host, self._port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        if self._security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if self._account.token:
            self._log_in_with_token(client)
        elif self._account.user:
            client.login(self._account.user, self._account.password)
        return client

    def _log_in_with_token(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        offered = client.esmtp_features.get("auth", "").split()
        mechanism = mechanism_of(offered)
        if mechanism is None:
            has = f"it has {', '.join(offered)}" if offered else "it has no log-in"
            raise EmailRefused(
                f"{self._host}:{self._port} takes no log-in by OAuth2 ({' or '.join(MECHANISMS)}): {has}.",
                "Check host, port and encryption, or use a credential with user and password.",
            )
        try:
            self._authenticate(client, mechanism, self._account.token)
        except smtplib.SMTPAuthenticationError as error:
            token = self._renewed() if not 400 <= int(error.smtp_code) < 500 else self._account.token
            if token == self._account.token:
                raise
            self._account = replace(self._account, token=token)
            self._authenticate(client, mechanism, token)

    def _authenticate(self, client: smtplib.SMTP, mechanism: str, token: str) -> None:
        login = TokenLogin(mechanism, self._account.user, token, self._host, self._port)
        try:
            client.auth(mechanism, lambda challenge=None: login.answer(challenge).decode(), initial_response_ok=True)
        except smtplib.SMTPAuthenticationError as error:
            said = f"{_text(error.smtp_error)} ({login.refusal})" if login.refusal else _text(error.smtp_error)
            raise smtplib.SMTPAuthenticationError(error.smtp_code, said) from None

    def _typed(self, error: Exception) -> NodeError:
        server = f"{self._host}:{self._port}"
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, words = next(iter(error.recipients.values()))
            whom = ", ".join(sorted(error.recipients))
            return _refusal(int(code), _text(words), f"{server} refused {whom}", recipients=sorted(error.recipients))
        if isinstance(error, smtplib.SMTPResponseException):
            what = _WHAT.get(type(error), "the message")
            return _refusal(int(error.smtp_code), _text(error.smtp_error), f"{server} refused {what}")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return EmailRefused(f"{server}: {error}", "Choose another security or log-in in the credential.")
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return EmailUnavailable(
            f"No connection to the mail server {server}: {reason or type(error).__name__}.",
            "Check host, port and security in the credential; try again.",
        )


def _reset(client: smtplib.SMTP, code: int) -> None:
    if code == 421:
        client.close()
    else:
        client.rset()


def _stuffed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a message as DATA has it: a dot more where a line begins with one, and one alone at the end."""
    begins = True
    for piece in filter(None, pieces):
        dot = b"." if begins and piece.startswith(b".") else b""
        yield dot + piece.replace(b"\n.", b"\n..")
        begins = piece.endswith(b"\n")
    yield b".\r\n" if begins else b"\r\n.\r\n"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _refusal(code: int, words: str, what: str, **details: Any) -> NodeError:
    """Return the error for a reply code: 4xx passes, 5xx stays (RFC 5321, section 4.2.1)."""
    message = f"{what}: {code} {' '.join(words.split())}"
    if "5.3.4" in words or (code == 552 and "5.2.2" not in words):
        remedy = "Send fewer or smaller files, or a link to them; or the recipient's mailbox is full."
        return EmailTooLarge(message, remedy, details={"code": code, **details})
    if 400 <= code < 500:
        return EmailUnavailable(message, "The refusal is temporary: try again.", details={"code": code, **details})
    return EmailRefused(message, "Check the addresses and the credential.", details={"code": code, **details})
