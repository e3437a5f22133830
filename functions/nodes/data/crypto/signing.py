"""Signatures: RSA, ECDSA and Ed25519, by the kind of the key."""

from collections.abc import Callable, Iterable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from functions.nodes.data.crypto.keys import PrivateKey, PublicKey
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataTooLarge

_HASHES: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_MOST_ED25519: Final = 32 * 1024**2
"""Ed25519 reads a message twice, so it must lie in memory."""


def signed(key: PrivateKey, pieces: Iterable[bytes], hash_name: str, rsa_padding: str, ecdsa_form: str) -> bytes:
    """Return the signature of a message. Raises DataTooLarge for one that Ed25519 cannot take."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(_whole(pieces))
    digest, algorithm = _digest(pieces, hash_name)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, _padding(rsa_padding, hash_name, signing=True), algorithm)
    signature = key.sign(digest, ec.ECDSA(algorithm))
    if ecdsa_form == "der":
        return signature
    size = (key.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(size, "big") for number in utils.decode_dss_signature(signature))


def fits(
    key: PublicKey, signature: bytes, pieces: Iterable[bytes], hash_name: str, rsa_padding: str, ecdsa_form: str
) -> bool:
    """Return whether a signature is that of a message. Raises DataTooLarge for one that Ed25519 cannot take."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, _whole(pieces))
            return True
        digest, algorithm = _digest(pieces, hash_name)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, _padding(rsa_padding, hash_name, signing=False), algorithm)
            return True
        size = (key.curve.key_size + 7) // 8
        if ecdsa_form == "raw":
            if len(signature) != 2 * size:
                return False
            numbers = (int.from_bytes(part, "big") for part in (signature[:size], signature[size:]))
            signature = utils.encode_dss_signature(*numbers)
        key.verify(signature, digest, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True


def _digest(pieces: Iterable[bytes], hash_name: str) -> tuple[bytes, utils.Prehashed]:
    algorithm = _HASHES[hash_name]()
    hashing = hashes.Hash(algorithm)
    for piece in pieces:
        hashing.update(piece)
    return hashing.finalize(), utils.Prehashed(algorithm)


def _padding(name: str, hash_name: str, *, signing: bool) -> padding.AsymmetricPadding:
    if name == "pkcs1":
        return padding.PKCS1v15()
    # Signed with a salt as long as the hash, as JWA's PS256 wants; verified with one of any length.
    length = padding.PSS.DIGEST_LENGTH if signing else padding.PSS.AUTO
    return padding.PSS(padding.MGF1(_HASHES[hash_name]()), length)


def _whole(pieces: Iterable[bytes]) -> bytes:
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > _MOST_ED25519:
            raise DataTooLarge(
                f"Ed25519 signs at most {size_text(_MOST_ED25519)} here.", "Sign the file's hash, or with RSA."
            )
    return bytes(whole)
