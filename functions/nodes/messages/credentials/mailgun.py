"""A sending domain of Mailgun."""

from typing import Literal

from functions.nodes.messages.credentials.mail_account import key_field, service_sender_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest
from stepweave.spec.fields import Kind, ui

DOCS = """\
A *Sending key* of the domain is enough: at Mailgun under **Sending, Domain settings, Sending keys**. The region is the
one in which the domain was made; in the other one Mailgun knows neither the domain nor its key. A sending key can be
tested in no other way than by sending.
"""


class Data(CredentialData):
    """The key, the domain and its region, and who sends."""

    key: str = key_field("API key", "")
    domain: str = ui(
        ...,
        title="Domain",
        kind=Kind.TEXT,
        placeholder="mg.example.com",
        min_length=1,
        max_length=253,
        pattern=r"^[A-Za-z0-9.-]+$",
    )
    host: Literal["api.mailgun.net", "api.eu.mailgun.net"] = ui(
        "api.mailgun.net",
        title="Region",
        kind=Kind.SELECT,
        options=[("api.mailgun.net", "US"), ("api.eu.mailgun.net", "EU")],
    )
    sender: str = service_sender_field()


CREDENTIAL = CredentialSpec(
    type="mailgun",
    name="Mailgun",
    icon="mail",
    summary="A domain at Mailgun, which sends mail.",
    docs=DOCS,
    data=Data,
    hint=("{domain}",),
    on_request=OnRequest(basic=("api", "{key}")),
    hosts=("{host}",),
)
