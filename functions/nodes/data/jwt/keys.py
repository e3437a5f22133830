"""The credential's keys, as PyJWT takes them. Nothing of them stands in any error."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.data.jwt.errors import KeyInvalid
from stepweave.runtime.pem import private_key, public_key

_REMEDY: Final = "Complete the credential: PEM, with its BEGIN and END lines."
_LEAST_RSA_BITS: Final = 2048
_CURVES: Final = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_BYTES: Final = {"HS256": 32, "HS384": 48, "HS512": 64}
"""RFC 7518, 3.2: a key as long as the hash, or longer."""


def is_short(algorithm: str, key: Any) -> bool:
    """Return whether a secret is shorter than it should be."""
    return isinstance(key, bytes) and len(key) < _BYTES[algorithm]


def key_of(account: Mapping[str, Any], algorithm: str, *, signs: bool) -> Any:
    """Return the key: bytes for HMAC, else one of `cryptography`.

    Raises:
        KeyInvalid: there is none for the algorithm, or it cannot be read.
    """
    if algorithm.startswith("HS"):
        return _secret(account)
    text = str(account.get("publicKey") or "")
    key = _public(text) if text.strip() and not signs else _private(account, signs=signs)
    _check(key, algorithm)
    return key


def _secret(account: Mapping[str, Any]) -> bytes:
    secret = str(account.get("secret") or "")
    if not secret:
        raise KeyInvalid("The credential has no secret.", "Complete the credential.")
    if not account.get("secretIsBase64"):
        return secret.encode()
    try:
        plain = "".join(secret.split()).rstrip("=").replace("-", "+").replace("_", "/")
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        data = b""
    if not data:
        raise KeyInvalid("The secret is no Base64.", "Change the secret, or what it is.")
    return data


def _private(account: Mapping[str, Any], *, signs: bool) -> Any:
    text, passphrase = str(account.get("privateKey") or ""), account.get("passphrase")
    if not text.strip():
        raise KeyInvalid(f"The credential has no {'private' if signs else 'public'} key.", _REMEDY)
    try:
        key = private_key(text, str(passphrase or ""))
    except ValueError as error:
        raise KeyInvalid(str(error), _REMEDY) from None
    return key if signs else key.public_key()


def _public(text: str) -> Any:
    try:
        return public_key(text)
    except ValueError as error:
        raise KeyInvalid(str(error), _REMEDY) from None


def _check(key: Any, algorithm: str) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    kinds: dict[str, tuple[type[Any], ...]] = {
        "R": (rsa.RSAPrivateKey, rsa.RSAPublicKey),
        "P": (rsa.RSAPrivateKey, rsa.RSAPublicKey),
        "ES": (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey),
        "Ed": (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey, ed448.Ed448PrivateKey, ed448.Ed448PublicKey),
    }
    kind = next(kinds[name] for name in kinds if algorithm.startswith(name))
    wanted = _CURVES.get(algorithm)
    if not isinstance(key, kind) or (wanted and key.curve.name != wanted):
        raise KeyInvalid(f"The key is not one for {algorithm}.", "Choose the credential's algorithm by its key.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < _LEAST_RSA_BITS:
        raise KeyInvalid(f"The RSA key has {key.key_size} bits.", f"Use one of {_LEAST_RSA_BITS} bits or more.")
