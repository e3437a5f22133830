"""Devices that somebody logged in on: a signed cookie, so that others' guesses do not lock the owner out.

After OWASP's "Slow Down Online Guessing Attacks with Device Cookies". The cookie lets nobody in: who has it is counted
on their own, and not with everybody else who guesses at the account. It names accounts by their id: who changes
their address stays known, and no device is known to whoever has that address next.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

AUDIENCE: Final = "stepweave-device"
SECONDS: Final = 180 * 24 * 3600
MOST_ACCOUNTS: Final = 8
"""That one browser is known to; the one that logged in longest ago is forgotten."""
_ALGORITHM: Final = "HS256"


def known_as(cookie: str | None, user_id: UUID | None, key: str) -> str | None:
    """Return what a device is counted as at an account, or None where it never logged in, or there is none."""
    nonce, accounts = _read(cookie, key)
    return nonce if nonce and user_id and _account(user_id) in accounts else None


def remember(cookie: str | None, user_id: UUID, key: str, *, anew: bool = False) -> str:
    """Return the cookie of a device that has just logged in, which stays known to other accounts.

    `anew`: it is counted from nothing, for its person has shown in another way than by a password who they are.
    """
    nonce, accounts = _read(cookie, key)
    account = _account(user_id)
    kept = [one for one in accounts if one != account][-(MOST_ACCOUNTS - 1) :]
    claims = {
        "aud": AUDIENCE,
        "exp": datetime.now(UTC) + timedelta(seconds=SECONDS),
        "jti": (not anew and nonce) or secrets.token_urlsafe(12),
        "accounts": [*kept, account],
    }
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def _read(cookie: str | None, key: str) -> tuple[str, list[str]]:
    if not cookie:
        return "", []
    try:
        claims = jwt.decode(
            cookie, key, algorithms=[_ALGORITHM], audience=AUDIENCE, options={"require": ["exp", "jti", "accounts"]}
        )
    except jwt.InvalidTokenError:
        return "", []
    return str(claims["jti"]), [str(one) for one in claims["accounts"]]


def _account(user_id: UUID) -> str:
    return hashlib.sha256(f"account {user_id}".encode()).hexdigest()[:24]
