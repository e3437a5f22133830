"""Keys, from the credential. Nothing of them stands in any error."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from functions.nodes.data.crypto.errors import KeyInvalid

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
_LEAST_RSA_BITS: Final = 2048
_REMEDY: Final = "Complete the credential: PEM, with its BEGIN and END lines."


def private_key_of(account: Mapping[str, Any]) -> PrivateKey:
    """Return the private key. Raises KeyInvalid where there is none, or one that cannot be used."""
    text, passphrase = str(account.get("privateKey") or ""), account.get("passphrase")
    if not text.strip():
        raise KeyInvalid("The credential has no private key.", _REMEDY)
    try:
        key = load_pem_private_key(_pem(text), str(passphrase).encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyInvalid("The private key cannot be read, or its passphrase is another.", _REMEDY) from None
    if not isinstance(key, PrivateKey):
        raise KeyInvalid("The private key is of a kind that signs nothing here.", "Use RSA, ECDSA or Ed25519.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < _LEAST_RSA_BITS:
        raise KeyInvalid(f"The RSA key has {key.key_size} bits.", f"Use one of {_LEAST_RSA_BITS} bits or more.")
    return key


def public_key_of(account: Mapping[str, Any]) -> PublicKey:
    """Return the public key, that of a certificate, or that of the private key. Raises KeyInvalid."""
    text = str(account.get("publicKey") or "")
    if not text.strip():
        return private_key_of(account).public_key()
    try:
        pem = _pem(text)
        key = load_pem_x509_certificate(pem).public_key() if b"CERTIFICATE" in pem else load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyInvalid("The public key cannot be read.", _REMEDY) from None
    if not isinstance(key, PublicKey):
        raise KeyInvalid("The public key is of a kind that verifies nothing here.", "Use RSA, ECDSA or Ed25519.")
    return key


def _pem(text: str) -> bytes:
    """Return PEM as it was before a form or a variable made its line breaks `\\n` or spaces."""
    text = text.strip().replace("\\n", "\n").replace("\r\n", "\n")
    if "\n" not in text and text.count("-----") == 4:
        _, begin, body, end, _ = text.split("-----")
        text = "\n".join((f"-----{begin}-----", *body.split(), f"-----{end}-----"))
    return text.encode()
