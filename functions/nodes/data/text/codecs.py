"""Text as Base64, hexadecimal, in URLs, HTML and JSON, and back."""

import base64
import binascii
import html
import json
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from functions.nodes.data.text.spec import Params
from stepweave.runtime.charsets import codec_of
from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.placing import invalid, shown

_NAMES: Final = {"base64": "Base64", "base64url": "Base64", "hex": "hexadecimal", "json": "a JSON string"}


def encoded(params: Params) -> str:
    """Return the text encoded. Raises ValueMismatch for characters that the charset lacks."""
    text = params.text
    match params.encoding:
        case "html":
            return html.escape(text)
        case "json":
            return json.dumps(text, ensure_ascii=False)
    try:
        data = text.encode(_codec(params.charset))
    except UnicodeEncodeError as error:
        raise ValueMismatch(
            f"The charset {params.charset} has no character {shown(text[error.start])}.",
            "Choose utf-8.",
            details={"field": "params.charset"},
        ) from None
    match params.encoding:
        case "hex":
            return data.hex()
        case "base64":
            return base64.b64encode(data).decode()
        case "base64url":
            return base64.urlsafe_b64encode(data).decode().rstrip("=")
    return quote(data, safe="-_.!~*'()")  # as encodeURIComponent leaves them


def decoded(params: Params) -> str:
    """Return what the text encodes. Raises ValueMismatch where it is not in the encoding, or its bytes are no text."""
    text = params.text
    if params.encoding == "html":
        return html.unescape(text)
    try:
        if params.encoding == "json":
            value = json.loads(text)
            if not isinstance(value, str):
                raise ValueError(text)
            return value
        return _bytes(text, params.encoding).decode(_codec(params.charset))
    except UnicodeDecodeError:
        raise ValueMismatch(
            f"The bytes of {shown(text)} are no text in {params.charset}.",
            "Choose the charset that they are in.",
            details={"field": "params.charset"},
        ) from None
    except (ValueError, RecursionError):
        raise ValueMismatch(
            f"{shown(text)} is no {_NAMES.get(params.encoding, params.encoding)}.".replace("no a ", "no "),
            "Change the text or the encoding.",
            details={"field": "params.text"},
        ) from None


def _bytes(text: str, encoding: str) -> bytes:
    if encoding == "url":
        return unquote_to_bytes(text.replace("+", " "))
    text = "".join(text.split())
    if encoding == "hex":
        return binascii.unhexlify(text)
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _codec(label: str) -> str:
    codec = codec_of(label)
    if codec is None:
        raise invalid("charset", f"Nothing is known of the charset {shown(label)}.", "Write utf-8 or windows-1252.")
    return codec
