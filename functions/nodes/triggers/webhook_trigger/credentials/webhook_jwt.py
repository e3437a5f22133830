"""The key with which the tokens that callers bring are checked."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui
from stepweave.spec.provider_fields import jwks_url_field

Algorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"
]
_SHARED = ["HS256", "HS384", "HS512"]
_PUBLIC = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class Data(CredentialData):
    """The one algorithm that counts, its key, and what a token must say."""

    algorithm: Algorithm = ui(
        "HS256",
        title="Algorithm",
        kind=Kind.SELECT,
        options=[(name, f"{name}, shared secret") for name in _SHARED]
        + [(name, f"{name}, public key") for name in _PUBLIC],
    )
    public_key: str = ui(
        "",
        title="Public key",
        kind=Kind.TEXT,
        placeholder="-----BEGIN PUBLIC KEY----- ...",
        help="Of RS, PS, ES and EdDSA: PEM, as the issuer publishes it; on one line is fine.",
        max_length=8000,
    )
    jwks_url: str = jwks_url_field()
    secret: str = ui(
        "",
        title="Shared secret",
        kind=Kind.SECRET,
        help="Of HS256, HS384 and HS512.",
        unless="publicKey",
        max_length=4000,
        pattern=r"^(.{16,})?$",
    )
    issuer: str = ui("", title="Issuer", kind=Kind.TEXT, help="What iss must be; empty for any.", max_length=1000)
    audience: str = ui("", title="Audience", kind=Kind.TEXT, help="What aud must name; empty for any.", max_length=1000)
    expiry: Literal["required", "optional"] = ui(
        "required",
        title="Tokens without an end",
        kind=Kind.SELECT,
        options=[("required", "Are refused"), ("optional", "Hold for ever")],
    )
    leeway_seconds: int = ui(
        30, title="Seconds of leeway", kind=Kind.NUMBER, help="By which clocks may differ.", ge=0, le=600
    )


CREDENTIAL = CredentialSpec(
    type="webhook_jwt",
    name="JSON Web Token key",
    icon="ticket-check",
    summary="The key of the tokens that callers of a webhook bring.",
    data=Data,
    hint=("{algorithm}", "{issuer}"),
)
