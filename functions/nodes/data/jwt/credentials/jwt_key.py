"""A key of JSON Web Tokens, and the one algorithm that it is for."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui
from stepweave.spec.provider_fields import jwks_url_field

Algorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]
DOCS = """\
The key that tokens are signed or verified with, and the one algorithm that counts: a token that names another in its
header is refused.

- `HS256`, `HS384`, `HS512` need a **secret**, of at least 32, 48 or 64 bytes to be safe.
- The others need the **private key** (PEM) to sign, and the **public key** or a certificate (PEM) to verify. Where it
  is empty, it is that of the private key.
- With the issuer's **key set (JWKS)** tokens are verified with its key of their `kid`. That key says the algorithm:
  RS, PS, ES or EdDSA, never one of a shared secret. A set is asked for at most every five minutes, and once more where
  a token names a key that is not in it.
"""


class Data(CredentialData):
    """Algorithm and keys."""

    algorithm: Algorithm = ui(
        "HS256",
        title="Algorithm",
        kind=Kind.SELECT,
        options=[
            ("HS256", "HS256"),
            ("HS384", "HS384"),
            ("HS512", "HS512"),
            ("RS256", "RS256"),
            ("RS384", "RS384"),
            ("RS512", "RS512"),
            ("PS256", "PS256"),
            ("PS384", "PS384"),
            ("PS512", "PS512"),
            ("ES256", "ES256"),
            ("ES384", "ES384"),
            ("ES512", "ES512"),
            ("EdDSA", "EdDSA"),
        ],
    )
    secret: str = ui("", title="Secret", kind=Kind.SECRET, help="For HS256 to HS512.", max_length=10_000)
    secret_is_base64: bool = ui(False, title="The secret is Base64", kind=Kind.BOOLEAN, help="Of the bytes that count.")
    private_key: str = ui("", title="Private key", kind=Kind.SECRET, help="PEM, to sign with.", max_length=20_000)
    passphrase: str = ui("", title="Passphrase of the private key", kind=Kind.SECRET, max_length=1000)
    public_key: str = ui(
        "",
        title="Public key",
        kind=Kind.MULTILINE,
        help="PEM of the key or of a certificate, to verify with.",
        max_length=20_000,
    )
    jwks_url: str = jwks_url_field()


CREDENTIAL = CredentialSpec(
    type="jwt_key",
    name="JWT key",
    icon="key-round",
    summary="The key and the algorithm of JSON Web Tokens.",
    data=Data,
    docs=DOCS,
    hint=("{algorithm}",),
)
