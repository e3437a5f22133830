"""How passwords are kept: bcrypt, whose cost may grow; who logs in gets the new cost."""

import secrets
from functools import cache
from typing import Final

import bcrypt

from api.services.passwords.rules import MOST_BYTES

COST: Final = 12
"""bcrypt's work factor: about 0.2 s here; OWASP's password storage cheat sheet asks for at least 10."""


def hashed(password: str) -> str:
    """Return what is kept of a password. Takes as long as `COST` says."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept. Where none was, it takes as long and is not."""
    right = bcrypt.checkpw(password.encode()[:MOST_BYTES], (kept or nobody()).encode())
    return right and bool(kept)


def outdated(kept: str) -> bool:
    """Whether a hash was made at a lower cost than is asked today."""
    parts = kept.split("$")
    return len(parts) < 4 or not parts[2].isdigit() or int(parts[2]) < COST  # $2b$cost$rest


@cache
def nobody() -> str:
    """Return a hash to compare with where there is no user, so that both cases take the same time."""
    return hashed(secrets.token_hex(16))
