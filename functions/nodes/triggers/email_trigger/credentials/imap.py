"""A mailbox on a mail server (IMAP)."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the server is, and whose mailbox."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="imap.example.com", min_length=1, max_length=255)
    port: int = ui(993, title="Port", kind=Kind.NUMBER, help="993 for TLS, 143 for STARTTLS.", ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = ui(
        "tls",
        title="Encryption",
        kind=Kind.SELECT,
        options=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None (this machine only)")],
    )
    user: str = ui(..., title="User", kind=Kind.TEXT, placeholder="ada@example.com", min_length=1, max_length=500)
    password: str = ui(
        ...,
        title="Password",
        kind=Kind.SECRET,
        help="Where the account has two-factor log-in, an app password.",
        min_length=1,
        max_length=1000,
    )


CREDENTIAL = CredentialSpec(
    type="imap",
    name="Mailbox (IMAP)",
    icon="inbox",
    summary="A mailbox that is read (IMAP).",
    data=Data,
    docs="Gmail, Yahoo and iCloud want an app password, which their account settings give out. Microsoft 365 takes no "
    "passwords: use *Microsoft 365 mail (OAuth2)*.",
    hint=("{user} at {host}",),
    sent_to=("{host}:{port}",),
    tested_by="email_trigger",
)
