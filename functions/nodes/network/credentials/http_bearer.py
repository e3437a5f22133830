"""A bearer token."""

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
    """The token."""

    token: str = ui(
        ...,
        title="Token",
        kind=Kind.SECRET,
        help="Without the word Bearer, which is put in front.",
        min_length=1,
        max_length=8000,
        pattern=r"^[!-~]+$",
    )
    test_url: str = test_url_field()
    allowed_hosts: str = allowed_hosts_field()
    most_requests: int | None = most_requests_field()
    in_seconds: float = in_seconds_field()


CREDENTIAL = CredentialSpec(
    type="http_bearer",
    name="Bearer token",
    icon="ticket",
    summary="A token that goes as Authorization: Bearer with each request.",
    data=Data,
    hint=("for {allowedHosts}", "a bearer token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("{allowedHosts}",),
    test=Probe("{testUrl}"),
    rate=RATE,
)
