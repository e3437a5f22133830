"""An app that speaks for itself at Microsoft 365: client credentials, no person agrees."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, Grant, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
For mailboxes and drives that nobody logs in to. In Microsoft Entra register an app with a client secret, and give it
*application permissions* of *Microsoft Graph* (`Mail.ReadWrite`, `Mail.Send`, `Calendars.ReadWrite`,
`Contacts.ReadWrite`, `Files.ReadWrite.All`, as your workflows need), with an administrator's consent. These reach every
mailbox of the organisation: limit them by an *application access policy* of Exchange. Nothing is to be connected.

Nodes then need a *mailbox* or a *drive*, as an app has none of its own. Microsoft lets no app by itself send messages
in Teams, and documents the workbooks of Excel for people only.
"""


class Data(CredentialData):
    """The app, as it is registered at Microsoft."""

    label: str = ui("", title="App", kind=Kind.TEXT, help="Its name; for you only.", max_length=200)
    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=1000)
    directory: str = ui(
        ...,
        title="Directory (tenant)",
        kind=Kind.TEXT,
        help="Its ID or domain.",
        placeholder="contoso.onmicrosoft.com",
        pattern=r"^[A-Za-z0-9.-]+$",
        min_length=1,
        max_length=200,
    )


CREDENTIAL = CredentialSpec(
    type="microsoft_app",
    name="Microsoft app",
    icon="key-round",
    summary="An app that speaks for itself at Microsoft 365: nobody needs to agree.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "{clientId}"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("graph.microsoft.com",),
    test=Probe(url="https://graph.microsoft.com/v1.0/subscriptions"),
    oauth2=OAuth2(
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/token",
        scopes=("https://graph.microsoft.com/.default",),
        grant=Grant.CLIENT_CREDENTIALS,
    ),
)
