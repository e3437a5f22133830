"""What a password is made of, as those who guess see it: no case, letters for digits, nothing around it."""

import re
from typing import Final

_LETTERS: Final = str.maketrans("034578@$!+|€", "oeastbasitle")
"""What is written for letters. `1` is `i` or `l`: both are tried."""
_AROUND: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_BEHIND: Final = "0123456789"
LEAST: Final = 3
"""Letters that a form must have to mean anything."""


def forms(password: str) -> frozenset[str]:
    """Return what a guesser's list would have in the place of a password: `P4ssword!12` is `password`."""
    whole = password.lower()
    bare = {
        form for lower in (whole, repeated(whole)) for form in (lower, _AROUND.sub("", lower), lower.rstrip(_BEHIND))
    }
    found = bare | {plain for one in bare for plain in plainly(one)}
    found |= {_AROUND.sub("", one) for one in found}
    found |= {once for one in found if (once := repeated(one)) != one}
    return frozenset(one for one in found if len(one) >= LEAST)


def plainly(text: str) -> tuple[str, str]:
    """Return a text with letters where digits and signs stand for them."""
    letters = text.translate(_LETTERS)
    return letters.replace("1", "i"), letters.replace("1", "l")


def repeated(text: str) -> str:
    """Return what a text is again and again, or the text: `abcabcabc` is `abc`."""
    period = (text + text).find(text, 1)
    return text[:period]


def squashed(text: str) -> str:
    """Return the letters and digits of a text in lower case, and nothing between them."""
    return "".join(letter for letter in text.lower() if letter.isalnum())
