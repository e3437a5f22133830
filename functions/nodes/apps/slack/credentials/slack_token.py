"""A token of a Slack app, and the secret that its events are signed with."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
Make an app at [api.slack.com/apps](https://api.slack.com/apps), give it **Bot Token Scopes** under **OAuth &
Permissions** (to begin with `chat:write`, `channels:read`, `users:read`), install it in the workspace, and copy the
*Bot User OAuth Token* (`xoxb-...`). Scopes that are added later count after the app is installed again. A *User OAuth
Token* (`xoxp-...`) does everything in a person's name; only such a token searches.

The *Signing Secret* stands under **Basic Information**; only the Slack trigger needs it.
"""


class Data(CredentialData):
    """The token."""

    label: str = ui("", title="Workspace", kind=Kind.TEXT, help="Which one it is; for you only.", max_length=200)
    token: str = ui(
        ...,
        title="Token",
        kind=Kind.SECRET,
        help="xoxb-… or xoxp-…",
        max_length=500,
        pattern=r"^xox[a-z]-[A-Za-z0-9-]+$",
    )
    signing_secret: str = ui(
        "", title="Signing secret", kind=Kind.SECRET, help="For the Slack trigger.", max_length=200, pattern=r"^[!-~]*$"
    )


CREDENTIAL = CredentialSpec(
    type="slack_token",
    name="Slack token",
    icon="key-round",
    summary="A bot's or a person's token of a Slack app.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("slack.com", "files.slack.com"),
    test=Probe(url="https://slack.com/api/auth.test", method="POST", wrong_when="ok"),
)
