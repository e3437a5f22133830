"""The fields of credentials that fit any server: which hosts they may be sent to, and what tells whether they work."""

from typing import Any

from stepweave.spec.fields import Kind, ui


def allowed_hosts_field() -> Any:
    """Return the field (`str`): hosts separated by commas, `*.example.com` for all below one; empty for any."""
    return ui(
        "",
        title="Allowed hosts",
        kind=Kind.TEXT,
        help="Where it may be sent to, separated by commas; empty for any host. *.example.com is every host below.",
        placeholder="api.example.com, *.example.org",
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
