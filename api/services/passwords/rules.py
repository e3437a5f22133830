"""Which passwords are taken: long ones that no list of guesses has. Of which letters they are made does not matter.

After NIST SP 800-63B, 5.1.1.2: length, a list of common and leaked passwords, and what is known of the person; no rules
of composition, which make `Password1!`.
"""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api import codes
from api.refusals import refused_field
from api.services.passwords.forms import forms, plainly, squashed

MOST_BYTES: Final = 72
"""bcrypt reads no more; refusing longer ones beats ignoring their end."""
LEAST_CHARACTERS: Final = 4
"""That are different."""
PRODUCT: Final = "stepweave"
_LIST: Final = Path(__file__).parent / "common.txt.gz"
_LEAST_WORD: Final = 4
"""Letters of a name that are looked for: shorter ones are in many words."""
_LEAST_REST: Final = 6
"""Letters that a password must have beside a name."""
_ADVICE: Final = "Several words that do not belong together are easy to remember and hard to guess."
_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True)
class Person:
    """What is known of who chooses a password."""

    email: str
    name: str = ""
    tenant: str = ""


Leaked = Callable[[str], bool]
"""Whether a password was seen in a leak, as somebody else knows."""


def check(password: str, person: Person, field: str, leaked: Leaked | None = None) -> None:
    """Refuse a password that is easily guessed.

    Args:
        password: as it was typed.
        person: whose it would be.
        field: the request's field that it came in.
        leaked: asks a service, where one is set up; last, for it takes time.

    Raises:
        Refused: `weak_password`, at the field, saying what is wrong.
    """
    message = wrong(password, person)
    if message is None and leaked is not None and leaked(password):
        message = f"This password was found in data that leaked somewhere. Use it nowhere any more. {_ADVICE}"
    if message:
        raise refused_field(codes.WEAK_PASSWORD, field, message)


def wrong(password: str, person: Person) -> str | None:
    """Return what is wrong with a password, for people; None where nothing is."""
    if len(password.encode()) > MOST_BYTES:
        return f"A password may have at most {MOST_BYTES} bytes."
    if len(set(password.lower())) < LEAST_CHARACTERS:
        return "The password repeats too few characters."
    if named := _named(password, person):
        return f"The password has {named} in it and little else. {_ADVICE}"
    if any(squashed(password) in run * 2 or squashed(password) in run[::-1] * 2 for run in _RUNS):
        return f"The password is a row of keys. {_ADVICE}"
    if forms(password) & common():
        return f"The password is one of the most common ones, if only with digits or signs around it. {_ADVICE}"
    return None


@cache
def common() -> frozenset[str]:
    """Return the most common passwords, in the forms that are compared (`local.common_passwords` made the list)."""
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode().split("\n"))


def _named(password: str, person: Person) -> str | None:
    """Return what of the person, or of us, a password is mostly made of."""
    local, _, domain = person.email.partition("@")
    known: Sequence[tuple[str, Sequence[str]]] = (
        ("the product's name", [PRODUCT]),
        ("your address", [person.email, local, domain.split(".")[0]]),
        ("your name", [person.name, *person.name.split()]),
        ("the workspace's name", [person.tenant, *person.tenant.split()]),
    )
    written = {squashed(password), *map(squashed, plainly(password.lower()))}
    for what, names in known:
        for name in filter(lambda one: len(one) >= _LEAST_WORD, map(squashed, names)):
            if any(name in one and len(one.replace(name, "").strip("0123456789")) < _LEAST_REST for one in written):
                return what
    return None
