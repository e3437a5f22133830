"""Recovery codes: ten, shown once, each good once. 80 random bits, so a plain SHA-256 keeps them."""

import base64
import hashlib
import re
import secrets
from typing import Final

from api.repositories.factors import Factors

COUNT: Final = 10
_BYTES: Final = 10


def renew(factors: Factors) -> list[str]:
    """Put ten new codes in the place of all there are, and return them: nobody can show them again."""
    made = [_code() for _ in range(COUNT)]
    factors.put_codes(_hash(code) for code in made)
    return made


def take(factors: Factors, code: str) -> bool:
    """Use a code up, however it is spaced. False where it is none, or was used."""
    return factors.take_code(_hash(code))


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(re.findall("....", text))


def _hash(code: str) -> bytes:
    plain = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()
