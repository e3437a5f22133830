"""A secret header."""

from functions.nodes.network.credentials.hosts import (
    RATE,
    allowed_hosts_field,
    in_seconds_field,
    most_requests_field,
    test_url_field,
)
from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The header."""

    name: str = ui(
        ...,
        title="Header",
        kind=Kind.TEXT,
        placeholder="X-API-Key",
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$",  # a token, RFC 9110, 5.6.2
    )
    value: str = ui(..., title="Value", kind=Kind.SECRET, min_length=1, max_length=8000, pattern=r"^[^\r\n]*$")
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="http_header",
    name="Secret header",
    icon="key-round",
    summary="A header with a key or a token that goes with each request.",
    data=Data,
    hint=("{name}",),
    on_request=OnRequest(headers=(("{name}", "{value}"),)),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
)
