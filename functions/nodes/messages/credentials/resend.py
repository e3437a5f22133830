"""An API key of Resend."""

from functions.nodes.messages.credentials.mail_account import key_field, service_sender_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest

DOCS = """\
Create one at Resend under **API Keys**; *Sending access* is enough. The sender's domain must be verified there. A key
that may only send can be tested in no other way than by sending.
"""


class Data(CredentialData):
    """The key, and who sends."""

    key: str = key_field("API key", "re_")
    sender: str = service_sender_field()


CREDENTIAL = CredentialSpec(
    type="resend",
    name="Resend",
    icon="mail",
    summary="An API key of Resend, which sends mail.",
    docs=DOCS,
    data=Data,
    hint=("{from}", "API key"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {key}"),)),
    hosts=("api.resend.com",),
)
