"""An API key of SendGrid."""

from functions.nodes.messages.credentials.mail_account import key_field, service_sender_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe

DOCS = """\
Create one at SendGrid under **Settings, API Keys**; *Restricted access* with *Mail Send* is enough. The sender's
address or domain must be verified there.
"""


class Data(CredentialData):
    """The key, and who sends."""

    key: str = key_field("API key", "SG.")
    sender: str = service_sender_field()


CREDENTIAL = CredentialSpec(
    type="sendgrid",
    name="SendGrid",
    icon="mail",
    summary="An API key of SendGrid (Twilio), which sends mail.",
    docs=DOCS,
    data=Data,
    hint=("{from}", "API key"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {key}"),)),
    hosts=("api.sendgrid.com",),
    test=Probe(url="https://api.sendgrid.com/v3/scopes"),
)
