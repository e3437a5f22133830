"""Keys, from the credential. Nothing of them stands in any error."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from functions.nodes.data.crypto.errors import KeyInvalid
from stepweave.runtime.pem import private_key, public_key

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
        key = private_key(text, str(passphrase or ""))
    except ValueError as error:
        raise KeyInvalid(str(error), _REMEDY) from None
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
        key = public_key(text)
    except ValueError as error:
        raise KeyInvalid(str(error), _REMEDY) from None
    if not isinstance(key, PublicKey):
        raise KeyInvalid("The public key is of a kind that verifies nothing here.", "Use RSA, ECDSA or Ed25519.")
    return key
