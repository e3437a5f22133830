"""Mailbox names on the wire: modified UTF-7 (RFC 3501, section 5.1.3), in quotes."""

import base64
import binascii
import re
from typing import Final

_SHIFTED: Final = re.compile(r"&([^-]*)-")
_BEYOND: Final = re.compile(r"[^\x20-\x7e]+|&")


def wire_name(name: str) -> str:
    """Return a mailbox's name as a quoted string for a command. Any case of `inbox` is the one INBOX."""
    if name.strip().lower() == "inbox":
        return '"INBOX"'
    encoded = _BEYOND.sub(_shifted, name)
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def plain_name(wire: str) -> str:
    """Return what people call a mailbox; one that is no modified UTF-7 stays as it is."""
    return _SHIFTED.sub(_unshifted, wire)


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    encoded = base64.b64encode(found[0].encode("utf-16-be", "replace")).decode().rstrip("=")
    return f"&{encoded.replace('/', ',')}-"


def _unshifted(found: re.Match[str]) -> str:
    if not found[1]:
        return "&"
    encoded = found[1].replace(",", "/")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]
