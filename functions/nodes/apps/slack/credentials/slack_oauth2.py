"""Access to a workspace of Slack that a person gives to an app, by OAuth2 (version 2: a bot's token)."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
Make an app at [api.slack.com/apps](https://api.slack.com/apps), and add the redirect URL that is shown when the
credential is connected under **OAuth & Permissions**. The scopes are the bot's. Slack's tokens do not end unless *token
rotation* is switched on; then they are renewed by themselves.
"""


class Data(CredentialData):
    """The app, as it is registered at Slack."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=200)
    signing_secret: str = ui(
        "", title="Signing secret", kind=Kind.SECRET, help="For the Slack trigger.", max_length=200, pattern=r"^[!-~]*$"
    )
    scope: str = ui(
        "chat:write,channels:read,groups:read,users:read,users:read.email,files:write,reactions:write,channels:history",
        title="Scopes of the bot",
        kind=Kind.TEXT,
        help="Separated by commas.",
        max_length=2000,
    )


CREDENTIAL = CredentialSpec(
    type="slack_oauth2",
    name="Slack workspace",
    icon="message-square",
    summary="A person connects it at Slack, for a bot of its own.",
    docs=DOCS,
    data=Data,
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("slack.com", "files.slack.com"),
    test=Probe(url="https://slack.com/api/auth.test", method="POST", wrong_when="ok"),
    oauth2=OAuth2(
        token_url="https://slack.com/api/oauth.v2.access",  # noqa: S106 - an address
        authorize_url="https://slack.com/oauth/v2/authorize",
        scopes=("{scope}",),
        scope_separator=",",
        pkce=False,
    ),
)
