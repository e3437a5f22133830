"""How a node's requests are authenticated: the fields that choose it, shared by all nodes that ask any HTTP server."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from stepweave.spec.credential_parts import ANY
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import Text

Way = Literal["none", "header", "query", "bearer", "basic", "digest", "oauth2", "client", "aws", "any"]

AWS: Final = "aws"
"""The credential type whose keys sign requests."""


@dataclass(frozen=True, slots=True)
class WayOf:
    """A way of authentication: what it is called, the field of its credential, and that one's type."""

    title: str
    field: str
    type: str


WAYS: Final[dict[str, WayOf]] = {
    "header": WayOf("Secret header", "headerCredential", "http_header"),
    "query": WayOf("Secret in the query", "queryCredential", "http_query"),
    "bearer": WayOf("Bearer token", "bearerCredential", "http_bearer"),
    "basic": WayOf("User and password", "basicCredential", "http_basic"),
    "digest": WayOf("User and password (digest)", "digestCredential", "http_digest"),
    "oauth2": WayOf("OAuth2", "oauth2Credential", "oauth2"),
    "client": WayOf("OAuth2 for the client itself", "clientCredential", "oauth2_client"),
    "aws": WayOf("AWS signature", "awsCredential", AWS),
    "any": WayOf("An app's credential", "anyCredential", ANY),
}
WAY_CREDENTIALS: Final = tuple(way.type for way in WAYS.values())
"""The types of credentials that the ways take."""


def _credential_field(way: Way, title: str = "", help: str = "") -> Any:
    return ui(
        "",
        title=title or WAYS[way].title,
        kind=Kind.CREDENTIAL,
        credential=WAYS[way].type,
        expression=False,
        help=help,
        show_when={"authentication": [way]},
        required_when_shown=True,
    )


class Authenticated(NodeParams):
    """The way of authentication, its credential, and what a signature is for."""

    authentication: Way = ui(
        "none",
        title="Authentication",
        kind=Kind.SELECT,
        expression=False,
        options=[("none", "None"), *((name, way.title) for name, way in WAYS.items())],
    )
    header_credential: str = _credential_field("header")
    query_credential: str = _credential_field("query")
    bearer_credential: str = _credential_field("bearer")
    basic_credential: str = _credential_field("basic")
    digest_credential: str = _credential_field("digest")
    oauth2_credential: str = _credential_field("oauth2")
    client_credential: str = _credential_field("client", "OAuth2 client")
    aws_credential: str = _credential_field("aws", "AWS account")
    any_credential: str = _credential_field(
        "any", "Credential", "Of any app that is asked over HTTP. It is sent to that app's hosts only."
    )
    aws_service: Text = ui(
        "",
        title="AWS service",
        kind=Kind.TEXT,
        expression=False,
        placeholder="execute-api",
        help="The name that signatures are made for. Empty: as the URL's host says.",
        show_when={"authentication": ["aws"]},
        max_length=60,
        pattern=r"^[a-z0-9-]*$",
    )
    aws_region: Text = ui(
        "",
        title="AWS region",
        kind=Kind.TEXT,
        expression=False,
        placeholder="eu-central-1",
        help="Empty: as the URL's host says, else the credential's.",
        show_when={"authentication": ["aws"]},
        max_length=40,
        pattern=r"^[a-z0-9-]*$",
    )


def chosen(params: Authenticated) -> tuple[str, str, str] | None:
    """Return the place, id and type of the credential that parameters choose; None for none."""
    way = WAYS.get(params.authentication)
    if way is None:
        return None
    id: str = getattr(params, f"{params.authentication}_credential")
    return f"params.{way.field}", id, way.type
