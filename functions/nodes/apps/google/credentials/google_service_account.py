"""An account of Google Cloud that nobody logs in to: it signs with its key, for itself or as a person of a domain."""

from functions.nodes.apps.google.scopes import EVERYTHING, HOSTS, TOKEN_URL, WHOSE, scopes_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, Grant, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = f"""\
In Google Cloud's console: **IAM & Admin, Service accounts**, make one, and under **Keys** a key of type *JSON*. Paste
the whole file. Enable the APIs of the apps that you use.

It sees only what is shared with it: share spreadsheets, folders and calendars with its address (`client_email`). It has
no mailbox and no room for files of its own: for Gmail, and for files that it shall own, let it act as a person of your
Workspace. For that an administrator allows its client ID the scopes, under **Security, API controls, Domain-wide
delegation**, and *Acts as* has the person's address.

{EVERYTHING}
"""


class Data(CredentialData):
    """The account's key, as whom it acts, and what it asks for."""

    label: str = ui("", title="Account", kind=Kind.TEXT, help="Which it is; for you only.", max_length=200)
    key: str = ui(
        ...,
        title="Key (JSON)",
        kind=Kind.SECRET,
        help="The whole file that Google gave for the key.",
        pattern=r"^\s*\{[\s\S]*\}\s*$",
        max_length=10_000,
    )
    subject: str = ui(
        "",
        title="Acts as",
        kind=Kind.TEXT,
        help="The address of a person of your Workspace (domain-wide delegation); empty: for itself.",
        placeholder="ada@example.com",
        max_length=300,
    )
    scope: str = scopes_field()


CREDENTIAL = CredentialSpec(
    type="google_service_account",
    name="Google service account",
    icon="bot",
    summary="An account of Google Cloud that signs with its key; nobody needs to agree.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "{subject}", "by its key"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=HOSTS,
    test=Probe(url=WHOSE),
    oauth2=OAuth2(token_url=TOKEN_URL, scopes=("{scope}",), grant=Grant.SERVICE_ACCOUNT),
)
