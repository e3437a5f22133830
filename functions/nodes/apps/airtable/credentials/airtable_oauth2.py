"""Access to Airtable that a person gives, by OAuth2."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe, Rate
from stepweave.spec.fields import Kind, ui

DOCS = """\
Register an integration at Airtable under **Builder hub, OAuth integrations**, with the redirect URL that is shown when
the credential is connected, and with the scopes below. Whoever connects it chooses the bases.
"""


class Data(CredentialData):
    """The integration, as it is registered at Airtable."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=200)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=200)
    scope: str = ui(
        "data.records:read data.records:write schema.bases:read",
        title="Scope",
        kind=Kind.TEXT,
        help="What is asked for, separated by spaces; the integration must have it.",
        max_length=1000,
    )


CREDENTIAL = CredentialSpec(
    type="airtable_oauth2",
    name="Airtable account",
    icon="table-2",
    summary="A person connects it at Airtable; its tokens are renewed by themselves.",
    docs=DOCS,
    data=Data,
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("api.airtable.com", "content.airtable.com"),
    test=Probe(url="https://api.airtable.com/v0/meta/whoami"),
    oauth2=OAuth2(
        token_url="https://airtable.com/oauth2/v1/token",  # noqa: S106 - an address
        authorize_url="https://airtable.com/oauth2/v1/authorize",
        scopes=("{scope}",),
        basic=True,
    ),
    rate=Rate("5", "1"),
)
