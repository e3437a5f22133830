"""A mailbox of Microsoft 365 that an app opens by itself: client credentials, no person agrees."""

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
from stepweave.spec.credentials import CredentialData, CredentialSpec, Grant, OAuth2
from stepweave.spec.fields import Kind, ui

DOCS = """\
For mailboxes that nobody logs in to. In Microsoft Entra register an app with a client secret, and give it the
*application permissions* `IMAP.AccessAsApp` and `SMTP.SendAsApp` of *Office 365 Exchange Online*, with an
administrator's consent. In Exchange's PowerShell register it (`New-ServicePrincipal`, with the object ID of the
*enterprise application*, not of the app registration) and let it open the mailbox (`Add-MailboxPermission`). Nothing is
to be connected.
"""


class Data(CredentialData):
    """Whose mailbox, and the app as it is registered at Microsoft."""

    user: str = user_field()
    client_id: str = client_id_field()
    client_secret: str = client_secret_field(optional=False)
    directory: str = ui(
        ...,
        title="Directory (tenant)",
        kind=Kind.TEXT,
        help="Its ID or domain.",
        placeholder="contoso.onmicrosoft.com",
        pattern=r"^[A-Za-z0-9.-]+$",
        max_length=200,
    )
    imap_host: str = host_field("reading", "outlook.office365.com")
    imap_port: int = port_field("reading", 993)
    imap_security: Security = security_field("reading", "tls")
    smtp_host: str = host_field("sending", "smtp.office365.com")
    smtp_port: int = port_field("sending", 587)
    smtp_security: Security = security_field("sending", "starttls")
    sender: str = sender_field()


CREDENTIAL = CredentialSpec(
    type="microsoft_mail_app",
    name="Microsoft 365 mail (app)",
    icon="mail-check",
    summary="A mailbox of Microsoft 365 that an app opens by itself: nobody needs to agree.",
    data=Data,
    docs=DOCS,
    hint=("{user}",),
    sent_to=SENT_TO,
    tested_by="email_trigger",
    oauth2=OAuth2(
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/token",
        scopes=("https://outlook.office365.com/.default",),
        grant=Grant.CLIENT_CREDENTIALS,
    ),
)
