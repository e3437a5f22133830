"""How a node's requests are authenticated: the fields that choose it, shared by all nodes that ask any HTTP server."""

from typing import Any, Literal, Protocol

from stepweave.spec.fields import Kind, ui

Way = Literal["none", "header", "basic", "oauth2", "client"]


class HasAuthentication(Protocol):
    """Parameters with these fields."""

    @property
    def authentication(self) -> Way:
        """The way that is chosen."""

    @property
    def header_credential(self) -> str:
        """The id of the credential of way `header`."""

    @property
    def basic_credential(self) -> str:
        """Likewise."""

    @property
    def oauth2_credential(self) -> str:
        """Likewise."""

    @property
    def client_credential(self) -> str:
        """Likewise."""


def way_field() -> Any:
    """Return the field `authentication`."""
    return ui(
        "none",
        title="Authentication",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("none", "None"),
            ("header", "Secret header"),
            ("basic", "User and password"),
            ("oauth2", "OAuth2"),
            ("client", "OAuth2 for the client itself"),
        ],
    )


def credential_field(title: str, type: str, *, shown_by: Way) -> Any:
    """Return the field of a credential of `type`, shown where `authentication` is `shown_by`."""
    return ui(
        "",
        title=title,
        kind=Kind.CREDENTIAL,
        credential=type,
        expression=False,
        show_when={"authentication": [shown_by]},
        required_when_shown=True,
    )


def chosen(params: HasAuthentication) -> tuple[str, str, str] | None:
    """Return the place, id and type of the credential that parameters choose; None for none."""
    if params.authentication == "none":
        return None
    return {
        "header": ("params.headerCredential", params.header_credential, "http_header"),
        "basic": ("params.basicCredential", params.basic_credential, "http_basic"),
        "oauth2": ("params.oauth2Credential", params.oauth2_credential, "oauth2"),
        "client": ("params.clientCredential", params.client_credential, "oauth2_client"),
    }[params.authentication]
