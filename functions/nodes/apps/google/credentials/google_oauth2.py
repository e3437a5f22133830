"""A Google account that a person gives access to, for all of Google's apps, by OAuth2."""

from functions.nodes.apps.google.scopes import EVERYTHING, HOSTS, TOKEN_URL, WHOSE, scopes_field
from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = f"""\
In Google Cloud's console, in a project of yours:

1. **APIs & Services, Library**: enable the APIs of the apps that you use (Google Sheets, Gmail, Google Drive, Google
   Docs, Google Calendar). Choosing a spreadsheet or a document from a list needs Google Drive's, too.
2. **OAuth consent screen**: add the scopes below, and yourself as a test user. While it is in *Testing*, Google ends
   the access after seven days; an *Internal* app of a Workspace has no such end.
3. **Credentials, Create, OAuth client ID, Web application**, with the redirect URL that is shown when the credential is
   connected.

{EVERYTHING}
"""


class Data(CredentialData):
    """The client, as it is registered at Google, and what it asks for."""

    label: str = ui("", title="Account", kind=Kind.TEXT, help="Whose it is; for you only.", max_length=200)
    client_id: str = ui(
        ...,
        title="Client ID",
        kind=Kind.TEXT,
        placeholder="….apps.googleusercontent.com",
        min_length=1,
        max_length=300,
    )
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=300)
    scope: str = scopes_field()


CREDENTIAL = CredentialSpec(
    type="google_oauth2",
    name="Google account",
    icon="user-round",
    summary="A person connects it at Google, once for all of Google's apps; its tokens are renewed by themselves.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "{clientId}"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=HOSTS,
    test=Probe(url=WHOSE),
    oauth2=OAuth2(
        token_url=TOKEN_URL,
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        scopes=("{scope}",),
        # Without both, a second consent gives no refresh token.
        authorize_extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
)
