"""The fields of credentials that fit any server: which hosts they may be sent to, how often, and whether they work."""

from typing import Any, Final

from stepweave.spec.credentials import Rate
from stepweave.spec.fields import Kind, ui

RATE: Final = Rate("{mostRequests}", "{inSeconds}")
"""What the fields of a rate say."""


def allowed_hosts_field() -> Any:
    """Return the field (`str`): hosts separated by commas, `*.example.com` for all below one, `*` for any."""
    return ui(
        "",
        title="Allowed hosts",
        kind=Kind.TEXT,
        help="The hosts it may be sent to, separated by commas. *.example.com is every host below, * is any. "
        "Empty: the test address's only.",
        placeholder="api.example.com, *.example.org",
        # Names, or IPv6 addresses: no URL and no port, which would be the name of no host.
        pattern=r"^[ ,]*((\*|(\*\.)?[^\s,/:*@?#\[\]]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)( *, *|[ ,]*$))*$",
        max_length=2000,
    )


def test_url_field() -> Any:
    """Return the field (`str`): an address that answers a GET with success where the credential works."""
    return ui(
        "",
        title="Test address",
        kind=Kind.TEXT,
        help="A GET of it succeeds with a credential that works. For the button Test only.",
        placeholder="https://api.example.com/me",
        pattern=r"^(https?://[^\s/?#@]+(/\S*)?)?$",
        max_length=2000,
    )


def most_requests_field() -> Any:
    """Return the field (`int | None`): how many requests may be sent with it in `in_seconds_field`."""
    return ui(
        None,
        title="Requests at most",
        kind=Kind.NUMBER,
        help="Of all nodes together that use it; more wait for their turn. Empty for any number.",
        ge=1,
        le=10_000,
    )


def in_seconds_field() -> Any:
    """Return the field (`float`): the span of `most_requests_field`."""
    return ui(60, title="In so many seconds", kind=Kind.NUMBER, gt=0, le=86_400)
