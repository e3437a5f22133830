"""A Microsoft account that a person gives access to, for Outlook, Excel and Teams, by OAuth2."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
In Microsoft Entra (**entra.microsoft.com, App registrations**):

1. **New registration**, with the redirect URL that is shown when the credential is connected (platform *Web*).
2. **Certificates & secrets**: a client secret. It ends after two years at the latest.
3. **API permissions, Microsoft Graph, Delegated permissions**: those of the scope below that your workflows need. Some
   of Teams' need an administrator's consent.

*Directory* is `common` for accounts of any organisation and for Outlook.com, else the organisation's ID or domain: an
app that is registered for one organisation only is refused under `common`. For Outlook.com alone it is `consumers`;
take the scopes of Teams out there, as such accounts have none.
"""
SCOPE = (
    "offline_access User.Read Mail.ReadWrite Mail.Send Calendars.ReadWrite Contacts.ReadWrite Files.ReadWrite.All "
    "Team.ReadBasic.All Channel.ReadBasic.All ChannelMessage.Send Chat.ReadWrite Tasks.ReadWrite"
)


class Data(CredentialData):
    """The app, as it is registered at Microsoft."""

    label: str = ui("", title="Account", kind=Kind.TEXT, help="Whose it is; for you only.", max_length=200)
    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(
        ...,
        title="Client secret",
        kind=Kind.SECRET,
        help="The secret's value, not its ID.",
        min_length=1,
        max_length=1000,
    )
    directory: str = ui(
        "common",
        title="Directory (tenant)",
        kind=Kind.TEXT,
        help="Its ID or domain; common where the app is for any, consumers for Outlook.com alone.",
        pattern=r"^[A-Za-z0-9.-]+$",
        max_length=200,
    )
    scope: str = ui(
        SCOPE,
        title="Scope",
        kind=Kind.TEXT,
        help="What is asked for, separated by spaces. Keep offline_access: without it the access ends within the hour.",
        max_length=4000,
    )


CREDENTIAL = CredentialSpec(
    type="microsoft_oauth2",
    name="Microsoft account",
    icon="user-round",
    summary="A person connects it at Microsoft; its tokens are renewed by themselves.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "{clientId}"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("graph.microsoft.com",),
    test=Probe(url="https://graph.microsoft.com/v1.0/me"),
    oauth2=OAuth2(
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/token",
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize",
        scopes=("{scope}",),
    ),
)
