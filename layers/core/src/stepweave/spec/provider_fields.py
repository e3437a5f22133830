"""Fields of credentials that say where a provider is asked: for tokens of OAuth2, and for the keys of its tokens."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui

URL: Final = r"^https?://[^\s/?#@]+(/[^\s#]*)?$"


def token_url_field() -> Any:
    """Return the field (`str`): where codes and refresh tokens are exchanged."""
    return ui(
        ...,
        title="Token URL",
        kind=Kind.TEXT,
        placeholder="https://provider.example/oauth2/token",
        pattern=URL,
        max_length=2000,
    )


def scope_field(placeholder: str = "", default: str = "") -> Any:
    """Return the field (`str`): what is asked for."""
    return ui(
        default,
        title="Scope",
        kind=Kind.TEXT,
        help="What is asked for, in the provider's words, separated by spaces.",
        placeholder=placeholder,
        max_length=2000,
    )


def jwks_url_field() -> Any:
    """Return the field (`str`): where an issuer publishes the keys of its tokens; empty for a key of one's own."""
    return ui(
        "",
        title="Key set of the issuer (JWKS)",
        kind=Kind.TEXT,
        help="Its jwks_uri. Tokens are then verified with the key that their kid names; the key says the algorithm.",
        placeholder="https://login.example.com/.well-known/jwks.json",
        pattern=rf"^({URL[1:-1]})?$",
        max_length=2000,
    )
