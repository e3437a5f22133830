"""The fields of mail accounts that a person gives access to, by OAuth2: where they are read, and where they send."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, ui

Security = Literal["tls", "starttls", "none"]
SENT_TO: Final = ("{imapHost}:{imapPort}", "{smtpHost}:{smtpPort}")
"""Where the token goes."""
_SECURITY: Final = [("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None (this machine only)")]


def user_field() -> Any:
    """Return the field (`str`): whose mailbox it is."""
    return ui(
        ...,
        title="Address",
        kind=Kind.TEXT,
        placeholder="orders@example.com",
        help="Of the mailbox: the account's own, or a shared one that the account may open.",
        min_length=1,
        max_length=320,
        pattern=r"^[^\x00-\x20\x7f]+$",
    )


def client_id_field() -> Any:
    """Return the field (`str`): the client, as the provider knows it."""
    return ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=1000)


def client_secret_field(*, optional: bool = True) -> Any:
    """Return the field (`str`): the client's secret."""
    words = "Leave it empty for a public client, which has none." if optional else ""
    more: dict[str, Any] = {} if optional else {"min_length": 1}
    default = "" if optional else ...
    return ui(default, title="Client secret", kind=Kind.SECRET, help=words, max_length=4000, **more)


def host_field(what: str, default: str = "") -> Any:
    """Return the field (`str`): a server's name.

    Args:
        what: `reading` or `sending`.
        default: where the provider has but one.
    """
    protocol = "imap" if what == "reading" else "smtp"
    return ui(
        default,
        title=f"Host for {what}",
        kind=Kind.TEXT,
        placeholder=f"{protocol}.example.com",
        help=f"Empty where it is not for {what}." if not default else "",
        pattern=r"^[^\s/@:]*$",
        max_length=255,
    )


def port_field(what: str, default: int) -> Any:
    """Return the field (`int`): the server's port."""
    return ui(default, title=f"Port for {what}", kind=Kind.NUMBER, ge=1, le=65535)


def security_field(what: str, default: Security) -> Any:
    """Return the field (`Security`): the encryption."""
    return ui(default, title=f"Encryption for {what}", kind=Kind.SELECT, options=_SECURITY)


def sender_field() -> Any:
    """Return the field (`str`): who sends, where the node does not say."""
    return ui(
        "",
        title="From address",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="Empty: the address above.",
        alias="from",
        max_length=320,
    )


def key_field(title: str, placeholder: str) -> Any:
    """Return the field (`str`): the key of a provider that sends."""
    return ui(
        ...,
        title=title,
        kind=Kind.SECRET,
        placeholder=placeholder,
        min_length=1,
        max_length=1000,
        pattern=r"^[!-~]+$",
    )


def service_sender_field() -> Any:
    """Return the field (`str`): who sends at a provider, where the node does not say."""
    return ui(
        "",
        title="From address",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="Verified at the provider. Empty: the node says it.",
        alias="from",
        max_length=320,
    )
