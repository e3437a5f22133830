"""OAuth2 at any provider, where the client speaks for itself: client credentials (RFC 6749, 4.4)."""

from functions.nodes.network.credentials.hosts import (
    RATE,
    allowed_hosts_field,
    in_seconds_field,
    most_requests_field,
    test_url_field,
)
from stepweave.spec.credentials import CredentialData, CredentialSpec, Grant, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind, ui
from stepweave.spec.provider_fields import scope_field, token_url_field


class Data(CredentialData):
    """The client, as it is registered at the provider, and where the provider is asked."""

    client_id: str = ui(..., title="Client ID", kind=Kind.TEXT, min_length=1, max_length=1000)
    client_secret: str = ui(..., title="Client secret", kind=Kind.SECRET, min_length=1, max_length=4000)
    token_url: str = token_url_field()
    scope: str = scope_field()
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="oauth2_client",
    name="OAuth2 (client credentials)",
    icon="shield",
    summary="A client that speaks for itself: nobody needs to agree.",
    data=Data,
    hint=("{clientId}",),
    on_request=OnRequest(headers=(("Authorization", "Bearer {accessToken}"),)),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
    oauth2=OAuth2("{tokenUrl}", scopes=("{scope}",), grant=Grant.CLIENT_CREDENTIALS),
)
