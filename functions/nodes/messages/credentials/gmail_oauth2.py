"""A mailbox of Gmail or Google Workspace."""

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
from stepweave.spec.provider_fields import scope_field

DOCS = """\
In Google Cloud's console make an OAuth client of type *Web application*, with the redirect URL that is shown when the
credential is connected, and add the scope `https://mail.google.com/` to its consent screen. While the consent screen is
in *Testing*, Google ends the access after seven days.
"""


class Data(CredentialData):
    """Whose mailbox, and the client as it is registered at Google."""

    user: str = user_field()
    client_id: str = client_id_field()
    client_secret: str = client_secret_field(optional=False)
    scope: str = scope_field("https://mail.google.com/", "https://mail.google.com/")
    imap_host: str = host_field("reading", "imap.gmail.com")
    imap_port: int = port_field("reading", 993)
    imap_security: Security = security_field("reading", "tls")
    smtp_host: str = host_field("sending", "smtp.gmail.com")
    smtp_port: int = port_field("sending", 587)
    smtp_security: Security = security_field("sending", "starttls")
    sender: str = sender_field()


CREDENTIAL = CredentialSpec(
    type="gmail_oauth2",
    name="Gmail (OAuth2)",
    icon="mail-check",
    summary="A mailbox of Gmail or Google Workspace that a person gives access to, without an app password.",
    data=Data,
    docs=DOCS,
    hint=("{user}",),
    sent_to=SENT_TO,
    tested_by="email_trigger",
    oauth2=OAuth2(
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/v2/auth",
        scopes=("{scope}",),
        # Without both, a second consent gives no refresh token.
        authorize_extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
)
