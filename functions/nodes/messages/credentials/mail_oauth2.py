"""A mail account at any provider of OAuth2."""

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
from stepweave.spec.provider_fields import URL, scope_field, token_url_field

DOCS = """\
For mail servers that take a token in place of a password (SASL XOAUTH2 or OAUTHBEARER): Yahoo, Fastmail, Zoho, your
own. For Gmail and Microsoft 365 there are types of their own. Register a client at the provider, with the redirect URL
that is shown when the credential is connected.
"""


class Data(CredentialData):
    """Whose mailbox, where the provider is asked, and where the mail servers are."""

    user: str = user_field()
    client_id: str = client_id_field()
    client_secret: str = client_secret_field()
    authorize_url: str = ui(
        ...,
        title="Authorization URL",
        kind=Kind.TEXT,
        help="Where people agree.",
        placeholder="https://provider.example/oauth2/authorize",
        pattern=URL,
        max_length=2000,
    )
    token_url: str = token_url_field()
    scope: str = scope_field("mail.read mail.send offline_access")
    imap_host: str = host_field("reading")
    imap_port: int = port_field("reading", 993)
    imap_security: Security = security_field("reading", "tls")
    smtp_host: str = host_field("sending")
    smtp_port: int = port_field("sending", 587)
    smtp_security: Security = security_field("sending", "starttls")
    sender: str = sender_field()


CREDENTIAL = CredentialSpec(
    type="mail_oauth2",
    name="Mail account (OAuth2)",
    icon="mail-check",
    summary="A mailbox that a person gives access to; it is read (IMAP) and sends (SMTP) without a password.",
    data=Data,
    docs=DOCS,
    hint=("{user}",),
    sent_to=SENT_TO,
    tested_by="email_trigger",
    oauth2=OAuth2("{tokenUrl}", "{authorizeUrl}", scopes=("{scope}",)),
)
