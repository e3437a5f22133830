"""Access to GitHub that a person gives, by OAuth2."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
Register an app at GitHub under **Settings, Developer settings**: an *OAuth app*, or a *GitHub App* for access that ends
and is renewed. Its callback URL is the redirect URL that is shown when the credential is connected.
"""


class Data(CredentialData):
    """The app, as it is registered at GitHub."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=200)
    scope: str = ui(
        "repo",
        title="Scope",
        kind=Kind.TEXT,
        help="What is asked for, separated by spaces. A GitHub App takes none: its permissions say it.",
        max_length=1000,
    )


CREDENTIAL = CredentialSpec(
    type="github_oauth2",
    name="GitHub account",
    icon="git-branch",
    summary="A person connects it at GitHub; its tokens are renewed by themselves.",
    docs=DOCS,
    data=Data,
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("api.github.com",),
    test=Probe(url="https://api.github.com/user"),
    oauth2=OAuth2(
        token_url="https://github.com/login/oauth/access_token",  # noqa: S106 - an address
        authorize_url="https://github.com/login/oauth/authorize",
        scopes=("{scope}",),
    ),
)
