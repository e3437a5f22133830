"""Bytes as text, and back."""

import base64
import binascii
import re

from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.placing import shown


def encoded(data: bytes, encoding: str) -> str:
    """Return bytes as text: `hex`, `base64` or `base64url` (without `=`)."""
    if encoding == "hex":
        return data.hex()
    if encoding == "base64":
        return base64.b64encode(data).decode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str, encoding: str) -> bytes | None:
    """Return the bytes that a text is in an encoding, or None where it is none. Base64 may be either, padded or not."""
    text = re.sub(r"\s+", "", text)
    try:
        if encoding == "hex":
            return binascii.unhexlify(text)
        plain = text.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:  # binascii.Error, and characters that are not ASCII
        return None


def bytes_of(text: str, encoding: str) -> bytes:
    """Return the bytes of a parameter's text: in UTF-8, or what it encodes.

    Raises:
        ValueMismatch: it is not in that encoding.
    """
    if encoding == "utf8":
        return text.encode()
    data = decoded(text, encoding)
    if data is None:
        name = {"hex": "hexadecimal", "base64": "Base64"}[encoding]
        raise ValueMismatch(
            f"{shown(text)} is no {name}.", "Change the text, or what it is.", details={"field": "params.text"}
        )
    return data
