"""OAuth2 at any provider: a person agrees in a window, or the client speaks for itself."""

from functions.nodes.network.credentials.hosts import (
    RATE,
    allowed_hosts_field,
    in_seconds_field,
    most_requests_field,
    test_url_field,
)
from stepweave.spec.credentials import CredentialData, CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui
from stepweave.spec.provider_fields import URL, scope_field, token_url_field


class Data(CredentialData):
    """The client, as it is registered at the provider, and where the provider is asked."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=1000)
    client_secret: str = ui(
        "",
        title="Client secret",
        kind=Kind.SECRET,
        help="Leave it empty for a public client, which has none.",
        max_length=4000,
    )
    authorize_url: str = ui(
        ...,
        title="Authorization URL",
        kind=Kind.TEXT,
        help="Where people agree.",
        placeholder="https://provider.example/oauth2/authorize",
        pattern=URL,
        max_length=2000,
    )
    token_url: str = token_url_field()
    scope: str = scope_field("orders.read offline_access")
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="oauth2",
    name="OAuth2",
    icon="shield-check",
    summary="A person connects it at the provider; its tokens are renewed by themselves.",
    data=Data,
    docs=(
        "Register a client at the provider, with the redirect URL that is shown when the credential is connected, and "
        "fill in what it gives you. Ask for access that lasts (often the scope `offline_access`): without a refresh "
        "token it must be connected again whenever a token ends."
    ),
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
    oauth2=OAuth2("{tokenUrl}", "{authorizeUrl}", scopes=("{scope}",)),
)
