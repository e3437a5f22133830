"""The fields that every way of OAuth2 asks for."""

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
