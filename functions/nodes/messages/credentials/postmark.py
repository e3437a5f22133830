"""A server's token of Postmark."""

from functions.nodes.messages.credentials.mail_account import key_field, service_sender_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
It stands at Postmark at the server, under **API Tokens**. The sender's signature or domain must be confirmed there.
Newsletters go by a stream of their own (*broadcast*).
"""


class Data(CredentialData):
    """The token, who sends, and in which stream."""

    key: str = key_field("Server token", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
    sender: str = service_sender_field()
    stream: str = ui(
        "outbound",
        title="Message stream",
        kind=Kind.TEXT,
        help="Its ID: outbound is the one for single messages.",
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]*$",
    )


CREDENTIAL = CredentialSpec(
    type="postmark",
    name="Postmark",
    icon="mail",
    summary="A server of Postmark, which sends mail.",
    docs=DOCS,
    data=Data,
    hint=("{from}", "server token"),
    on_request=OnRequest(headers=(("X-Postmark-Server-Token", "{key}"),)),
    hosts=("api.postmarkapp.com",),
    test=Probe(url="https://api.postmarkapp.com/server"),
)
