"""Entries of members to a chat: the app says who somebody is, and the chat's page gets a session for it.

The page makes a verifier, and sends its visitor to the app with the verifier's digest; the app gives the visitor a code
for the digest, good once and for a minute; the page changes code and verifier for a session. So nobody can have another
one's browser go on with a session of their own (RFC 7636 does the same for OAuth 2).
"""

import base64
import hashlib
import hmac
import re
import time
from typing import Final

SECONDS: Final = 60
CHALLENGE: Final = r"[A-Za-z0-9_-]{43}"
_CODE: Final = re.compile(r"([0-9a-f]{1,12})\.([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9_-]{43,128}")


def new_code(secret: str, place: str, user_id: str, challenge: str) -> str:
    """Return the code with which a member enters a chat.

    Args:
        secret: of callback URLs.
        place: the chat's, `<slug>/<path>`.
        user_id: the member's.
        challenge: the unpadded base64url of the verifier's SHA-256.
    """
    head = f"{int(time.time()) + SECONDS:x}.{user_id}"
    return f"{head}.{_proof(secret, place, head, challenge)}"


def user_of(secret: str, place: str, code: str, verifier: str) -> str:
    """Return the user whom a code lets into a chat; "" for one that lets nobody in."""
    found = _CODE.fullmatch(code)
    if found is None or not _VERIFIER.fullmatch(verifier):
        return ""
    until, user_id, given = found.groups()
    challenge = _text(hashlib.sha256(verifier.encode()).digest())
    right = hmac.compare_digest(_proof(secret, place, f"{until}.{user_id}", challenge).encode(), given.encode())
    return user_id if right and int(until, 16) >= time.time() else ""


def _proof(secret: str, place: str, head: str, challenge: str) -> str:
    text = f"chat entry\n{place}\n{head}\n{challenge}"
    return _text(hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest())


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
