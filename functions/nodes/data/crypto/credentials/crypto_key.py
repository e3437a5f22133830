"""A key: a secret, a private key, a public key, or several of them."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
What the node *Crypto* takes its keys from. Fill in what you need:

- **Secret** for HMAC and encryption. As bytes in hexadecimal or Base64 it must have 16, 24 or 32 of them to encrypt
  (`openssl rand -hex 32` makes one); a text is a password, from which a key is derived with scrypt.
- **Private key** to sign: PEM, RSA of 2048 bits or more, an elliptic curve, or Ed25519, perhaps with a passphrase.
- **Public key** to verify: PEM of the key or of a certificate. Where it is empty, it is that of the private key.

None of them leaves the node's function.
"""


class Data(CredentialData):
    """The keys."""

    secret: str = ui("", title="Secret", kind=Kind.SECRET, help="For HMAC and encryption.", max_length=10_000)
    secret_format: Literal["text", "hex", "base64"] = ui(
        "text",
        title="The secret is",
        kind=Kind.SELECT,
        options=[("text", "Text"), ("hex", "Bytes in hexadecimal"), ("base64", "Bytes in Base64")],
    )
    private_key: str = ui("", title="Private key", kind=Kind.SECRET, help="PEM, to sign with.", max_length=20_000)
    passphrase: str = ui("", title="Passphrase of the private key", kind=Kind.SECRET, max_length=1000)
    public_key: str = ui(
        "",
        title="Public key",
        kind=Kind.MULTILINE,
        help="PEM of the key or of a certificate, to verify with. Empty: that of the private key.",
        max_length=20_000,
    )


CREDENTIAL = CredentialSpec(
    type="crypto_key",
    name="Cryptographic key",
    icon="key-round",
    summary="A secret or a key pair that nodes encrypt, sign and verify with.",
    data=Data,
    docs=DOCS,
    hint=("a key",),
)
