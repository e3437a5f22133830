"""Fields that nodes share which ask any HTTP server: rows, and how connections are made."""

from typing import Any, Final

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import Text

CONNECTION_CREDENTIALS: Final = ("tls_client", "http_proxy")
"""The types of credentials that `Connecting` takes."""
MOST_AT_A_TIME: Final = 50


class Row(NodeParams):
    """A name with a value, or with a list of them; null leaves the row out."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, max_length=500)
    value: Any = ui("", title="Value", kind=Kind.TEXT)


class Pacing(NodeParams):
    """How long, how many at a time, and how often."""

    timeout_seconds: float = ui(
        30,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        help="For one request, from connecting to the last byte.",
        group="options",
        gt=0,
        le=110,
    )
    concurrency: int = ui(
        5,
        title="Requests at a time",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        ge=1,
        le=MOST_AT_A_TIME,
    )
    requests_per_second: float | None = ui(
        None,
        title="Requests per second",
        kind=Kind.NUMBER,
        expression=False,
        help="More wait for their turn. Empty: as fast as answers come. A credential's own limit counts besides.",
        group="options",
        gt=0,
        le=1000,
    )


class Connecting(NodeParams):
    """The way to the server: a client certificate, a proxy, and whose certificates are trusted."""

    client_certificate: str = ui(
        "",
        title="Client certificate",
        kind=Kind.CREDENTIAL,
        credential="tls_client",
        expression=False,
        help="For servers that ask for one (mutual TLS).",
        group="options",
    )
    proxy: str = ui(
        "",
        title="Proxy",
        kind=Kind.CREDENTIAL,
        credential="http_proxy",
        expression=False,
        help="Requests are tunnelled through it.",
        group="options",
    )
    ca_certificate: str = ui(
        "",
        title="Certificate authority",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="-----BEGIN CERTIFICATE-----",
        help="PEM. It is trusted besides the public ones: an authority of your own, or a self-signed certificate.",
        group="options",
        max_length=60_000,
    )
    unverified_hosts: Text = ui(
        "",
        title="Hosts whose certificate is not checked",
        kind=Kind.TEXT,
        expression=False,
        placeholder="test.example.com",
        help="Their names, separated by commas. Whoever stands in between can read and change what is sent to them.",
        group="options",
        max_length=1000,
    )
