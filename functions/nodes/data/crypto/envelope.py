"""Encryption that cannot be changed unseen, of any length: AES-GCM in pieces (the STREAM construction).

    SWE 01 | how the key is made (1) | its salt (16) | the message's salt (16) | pieces of 64 KB and a tag of 16 bytes

The message's key is HKDF-SHA256 of the secret with its salt, so no nonce ever comes twice with one key. A piece's nonce
is its number (11 bytes) and whether it is the last: none can be left out, moved or put behind the end. Header and
context are authenticated with each. (Hoang, Reyhanitabar, Rogaway, Vizár: Online authenticated-encryption, 2015.)
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.nodes.data.crypto.errors import DecryptionFailed, KeyInvalid

MAGIC: Final = b"SWE\x01"
PIECE: Final = 64 * 1024
_SALT: Final = 16
_TAG: Final = 16
_RAW, _PASSWORD = b"\x00", b"\x01"
HEADER: Final = len(MAGIC) + 1 + 2 * _SALT
_KEY_BYTES: Final = (16, 24, 32)
_SCRYPT: Final = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024**2, "dklen": 32}
"""OWASP's Password Storage Cheat Sheet: N=2^15, r=8 with p=3 to log in; here each guess costs 32 MB and 0.1 s."""
_REMEDY: Final = "Decrypt with the key and the context it was encrypted with, and give it unchanged."


class Cipher:
    """Encrypts and decrypts with one secret; what scrypt makes of a password is remembered by its salt."""

    def __init__(self, secret: bytes, *, is_password: bool) -> None:
        if not is_password and len(secret) not in _KEY_BYTES:
            raise KeyInvalid(
                f"The secret has {len(secret)} bytes; to encrypt it must have 16, 24 or 32.",
                "Make one with openssl rand -hex 32, or say that it is text.",
            )
        self._secret = secret
        self._form = _PASSWORD if is_password else _RAW
        self._salt = os.urandom(_SALT)
        self._stretched: dict[bytes, bytes] = {}

    def encrypted(self, pieces: Iterable[bytes], context: bytes) -> Iterator[bytes]:
        """Yield what `pieces` are encrypted."""
        header = MAGIC + self._form + self._salt + os.urandom(_SALT)
        yield header
        seal = AESGCM(self._key(header)).encrypt
        for nonce, piece in _numbered(_exactly(pieces, PIECE)):
            yield seal(nonce, piece, header + context)

    def decrypted(self, pieces: Iterable[bytes], context: bytes) -> Iterator[bytes]:
        """Yield what was encrypted; each piece only after it was found genuine. Raises DecryptionFailed."""
        rest = iter(pieces)
        head = b""
        while len(head) < HEADER and (piece := next(rest, b"")):
            head += piece
        header, left = head[:HEADER], head[HEADER:]
        if len(header) < HEADER or not header.startswith(MAGIC) or header[4:5] != self._form:
            raise DecryptionFailed("This was not encrypted by this node with a key of this kind.", _REMEDY)
        opened = AESGCM(self._key(header)).decrypt

        def all_of() -> Iterator[bytes]:
            yield left
            yield from rest

        try:
            for nonce, piece in _numbered(_exactly(all_of(), PIECE + _TAG)):
                yield opened(nonce, piece, header + context)
        except InvalidTag:
            raise DecryptionFailed("The key or the context is another, or it was changed.", _REMEDY) from None

    def _key(self, header: bytes) -> bytes:
        salt, message_salt = header[5 : 5 + _SALT], header[5 + _SALT :]
        key = self._secret
        if self._form == _PASSWORD:
            key = self._stretched.get(salt, b"")
            if not key:
                stretch: Callable[..., bytes] = hashlib.scrypt
                key = self._stretched[salt] = stretch(self._secret, salt=salt, **_SCRYPT)
        length = len(self._secret) if self._form == _RAW else 32
        return HKDF(SHA256(), length, salt=message_salt, info=b"stepweave crypto 1").derive(key)


def _exactly(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in pieces of `size`; the last, which may be empty where it is the only one, is shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
    yield bytes(held)


def _numbered(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    number, piece = 0, next(pieces)
    for following in pieces:
        yield number.to_bytes(11, "big") + b"\x00", piece
        number, piece = number + 1, following
    yield number.to_bytes(11, "big") + b"\x01", piece
