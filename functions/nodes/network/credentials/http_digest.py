"""A user and a password, of which HTTP's digest authentication sends a digest."""

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
    """Who it is."""

    user: str = ui(..., title="User", kind=Kind.TEXT, min_length=1, max_length=4000)
    password: str = ui(..., title="Password", kind=Kind.SECRET, min_length=1, max_length=4000)
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="http_digest",
    name="User and password (digest)",
    icon="lock-keyhole",
    summary="HTTP's digest authentication: the password itself is not sent.",
    data=Data,
    hint=("{user}",),
    on_request=OnRequest(digest=("{user}", "{password}")),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
)
