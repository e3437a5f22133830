"""Have I Been Pwned's list of leaked passwords, asked without telling the password (k-anonymity). Off unless it is set.

Only the first 5 of the 40 hexadecimal digits of the SHA-1 leave here; the answer has all that begin so, and padding
(https://haveibeenpwned.com/API/v3#PwnedPasswords). A service that does not answer stops nobody from registering.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from api.services.passwords.rules import Leaked
from stepweave_data.telemetry import logger

URL: Final = "https://api.pwnedpasswords.com/range/"
SECONDS: Final = 2.0
_PREFIX: Final = 5
Fetch = Callable[[str], str]
"""Returns the text at a URL. Raises OSError, or urllib3's HTTPError."""


def leaked(fetch: Fetch | None = None) -> Leaked:
    """Return what asks whether a password has leaked; it says no where nobody answers, and logs that."""

    def ask(password: str) -> bool:
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            answer = (fetch or _fetch)(URL + digest[:_PREFIX])
        except Exception as error:  # whatever the network does, it is not the person's fault
            logger().warning("leaked passwords could not be asked for", error=type(error).__name__)
            return False
        counts = dict(line.strip().partition(":")[::2] for line in answer.splitlines())
        return counts.get(digest[_PREFIX:], "0") != "0"  # padding has a count of 0

    return ask


def _fetch(url: str) -> str:
    # Imported here: who does not ask does not pay for it.
    import urllib3

    answer = urllib3.request(
        "GET", url, headers={"Add-Padding": "true"}, timeout=SECONDS, retries=False, redirect=False
    )
    if answer.status != 200:  # OK
        raise OSError(f"status {answer.status}")
    return answer.data.decode()
