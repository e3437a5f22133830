"""Makes the list of passwords that nobody may have, `api/services/passwords/common.txt.gz`, anew.

    uv run --no-project --with django==5.2.19 --with zxcvbn==4.5.0 python -m local.common_passwords

Sources: `django/contrib/auth/common-passwords.txt.gz` of Django (BSD-3-Clause; Royce Williams' 20,000 most common of
Have I Been Pwned) and the passwords of `zxcvbn` (MIT; 30,000 from Mark Burnett's and other leaks). They are kept in
the forms that `api.services.passwords.forms` compares: what only differs in case or in digits behind is one.
"""

import gzip
import importlib
from importlib import resources
from pathlib import Path

from api.services.passwords.forms import forms

TARGET = Path(__file__).parents[1] / "api" / "services" / "passwords" / "common.txt.gz"
LEAST = 3


def main() -> None:
    """Write the list."""
    packed = resources.files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes()
    words = gzip.decompress(packed).decode().split()
    words += importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS["passwords"]
    found = {word.lower() for word in words if digits(word)}
    found |= {min(kept, key=len) for word in words if (kept := letters(word))}
    TARGET.write_bytes(gzip.compress("\n".join(sorted(found)).encode(), 9, mtime=0))
    print(f"{len(found)} passwords, {TARGET.stat().st_size} bytes")


def letters(word: str) -> set[str]:
    """Return the forms of a word that are letters."""
    return {form for form in forms(word) if form.isalpha()}


def digits(word: str) -> bool:
    """Whether a word has too few letters to be known by them."""
    return len(word) > LEAST and not letters(word)


if __name__ == "__main__":
    main()
