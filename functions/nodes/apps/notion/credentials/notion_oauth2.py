"""Access to Notion that a person gives, by OAuth2."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe, Rate
from stepweave.spec.fields import Kind, ui

DOCS = """\
Create a *public integration* at **notion.so/profile/integrations**, with the redirect URL that is shown when the
credential is connected. Whoever connects it chooses the pages and databases that it sees.
"""


class Data(CredentialData):
    """The integration, as it is registered at Notion."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=200)


CREDENTIAL = CredentialSpec(
    type="notion_oauth2",
    name="Notion account",
    icon="notebook-text",
    summary="A person connects it at Notion; its tokens are renewed by themselves.",
    docs=DOCS,
    data=Data,
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"), ("Notion-Version", "2025-09-03"))),
    hosts=("api.notion.com",),
    test=Probe(url="https://api.notion.com/v1/users/me"),
    oauth2=OAuth2(
        token_url="https://api.notion.com/v1/oauth/token",  # noqa: S106 - an address
        authorize_url="https://api.notion.com/v1/oauth/authorize",
        basic=True,
        pkce=False,  # a body with fields that it does not know is refused
        authorize_extra=(("owner", "user"),),
    ),
    rate=Rate("3", "1"),
)
