"""A proxy that requests go through."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where it is, and who asks it."""

    url: str = ui(
        ...,
        title="Proxy",
        kind=Kind.TEXT,
        placeholder="http://proxy.example.com:3128",
        help="http:// or https://, with the port. User and password have fields of their own.",
        max_length=500,
        pattern=r"^https?://[^\s/?#@]+/?$",
    )
    user: str = ui("", title="User", kind=Kind.TEXT, max_length=1000)
    password: str = ui("", title="Password", kind=Kind.SECRET, max_length=4000)


CREDENTIAL = CredentialSpec(
    type="http_proxy",
    name="HTTP proxy",
    icon="waypoints",
    summary="A proxy that requests are tunnelled through (CONNECT).",
    data=Data,
    hint=("{user} at {url}", "{url}"),
    sent_to=("{url}",),
)
