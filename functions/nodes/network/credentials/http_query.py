"""A secret in the query."""

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
    """The query parameter."""

    name: str = ui(..., title="Query parameter", kind=Kind.TEXT, placeholder="api_key", min_length=1, max_length=200)
    value: str = ui(..., title="Value", kind=Kind.SECRET, min_length=1, max_length=4000)
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="http_query",
    name="Secret in the query",
    icon="search-check",
    summary="A key or a token that goes into the query of each request's URL.",
    docs="Servers write URLs into their logs: where a server takes the key in a header, too, use that.",
    data=Data,
    hint=("{name}",),
    on_request=OnRequest(query=(("{name}", "{value}"),)),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
)
