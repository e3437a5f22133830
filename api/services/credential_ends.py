"""When a credential ends, by what it consists of: the certificates in it, and tokens that say so (JWT). Pure.

Nobody is kept from using one that has ended: a server says so itself, and clocks differ.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

_CERTIFICATE: Final = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_JWT: Final = re.compile(r"(?:Bearer )?[\w-]{2,}\.([\w-]{2,})\.[\w-]+", re.ASCII)
_MOST: Final = 20


def ends_of(data: Mapping[str, Any]) -> datetime | None:
    """Return the earliest end that a credential's fields tell of; None where none does."""
    return min((end for text in data.values() if isinstance(text, str) for end in _ends(text)), default=None)


def _ends(text: str) -> Iterator[datetime]:
    found = _JWT.fullmatch(text.strip())
    if found and (end := _claimed(found[1])):
        yield end
    if "BEGIN CERTIFICATE" not in text:
        return
    from cryptography.x509 import load_pem_x509_certificate  # with its library, for those that have a certificate

    for pem in _CERTIFICATE.findall(text)[:_MOST]:
        try:
            yield load_pem_x509_certificate(pem.encode()).not_valid_after_utc
        except ValueError:  # that it is none, its test tells
            continue


def _claimed(part: str) -> datetime | None:
    """Return the end that a JWT's claims name (RFC 7519, 4.1.4)."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        end = claims["exp"] if isinstance(claims, dict) else None
        return datetime.fromtimestamp(end, UTC) if isinstance(end, int | float) and not isinstance(end, bool) else None
    except (ValueError, KeyError, OverflowError, OSError, RecursionError):
        return None
