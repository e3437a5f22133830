"""A mailbox of Microsoft 365 or Outlook.com."""

from typing import Final

from functions.nodes.messages.credentials.mail_account import (
    SENT_TO,
    Security,
    client_id_field,
    client_secret_field,
    host_field,
    port_field,
    security_field,
    sender_field,
    user_field,
)
from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2
from stepweave.spec.fields import Kind, ui
from stepweave.spec.provider_fields import scope_field

_SCOPE: Final = "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
DOCS = """\
In Microsoft Entra register an app with a *Web* redirect URI, the redirect URL that is shown when the credential is
connected, and a client secret (which ends after two years at most). IMAP and SMTP must be on for the mailbox: *Manage
email apps* in the admin centre. For a shared mailbox write its address, and connect with an account that has full
access to it. For Outlook.com the hosts are `outlook.office365.com` and `smtp-mail.outlook.com`.
"""


class Data(CredentialData):
    """Whose mailbox, and the app as it is registered at Microsoft."""

    user: str = user_field()
    client_id: str = client_id_field()
    client_secret: str = client_secret_field()
    directory: str = ui(
        "common",
        title="Directory (tenant)",
        kind=Kind.TEXT,
        help="Its ID or domain; common where the app is for any, consumers for Outlook.com alone.",
        pattern=r"^[A-Za-z0-9.-]+$",
        max_length=200,
    )
    scope: str = scope_field(_SCOPE, _SCOPE)
    imap_host: str = host_field("reading", "outlook.office365.com")
    imap_port: int = port_field("reading", 993)
    imap_security: Security = security_field("reading", "tls")
    smtp_host: str = host_field("sending", "smtp.office365.com")
    smtp_port: int = port_field("sending", 587)
    smtp_security: Security = security_field("sending", "starttls")
    sender: str = sender_field()


CREDENTIAL = CredentialSpec(
    type="microsoft_mail",
    name="Microsoft 365 mail (OAuth2)",
    icon="mail-check",
    summary="A mailbox of Microsoft 365 or Outlook.com that a person gives access to.",
    data=Data,
    docs=DOCS,
    hint=("{user}",),
    sent_to=SENT_TO,
    tested_by="email_trigger",
    oauth2=OAuth2(
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/token",
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize",
        scopes=("{scope}",),
    ),
)
