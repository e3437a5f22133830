"""Callback URLs: the address whose caller lets a waiting execution go on (contracts.md, "Waiting").

`<contentUrl>/hooks/resume/<execution id>/<time>.<proof>`. Each step has one of its own, good for the wait that comes
next after it and for none behind that (`functions.system.resume`): `time` says when the step began, in hexadecimal
milliseconds since 1970. The proof is made with the execution's signature, which is made with a secret that the control
plane alone has; so nobody comes by the address but from the workflow that gave it away.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

from stepweave.aws.secrets import is_set, secret
from stepweave.runtime.origins import content_origin

ResumeUrl = Callable[[str], str]
"""Execution id to the URL that those of its steps are made of. Raises AwsError where the secret cannot be read."""

SECRET: Final = "STEPWEAVE_RESUME_SECRET"  # noqa: S105  # its name
"""The variable of the secret (`stepweave.aws.secrets`)."""
PREFIX: Final = "resume"
"""What comes after `/hooks/`; no tenant has this name."""
_OWN: Final = re.compile(r"([0-9a-f]{11,12})\.([A-Za-z0-9_-]{43})")


def signature(secret: str, execution_id: str) -> str:
    """Return what proves that a callback URL is ours: 43 characters that a URL takes as they are."""
    return _digest(secret, f"resume\n{execution_id}")


def is_signed(secret: str, execution_id: str, given: str) -> bool:
    """Whether a signature is right. The time it takes tells nothing of how far it agrees."""
    return hmac.compare_digest(signature(secret, execution_id).encode(), given.encode("utf-8", "surrogatepass"))


def of_step(url: str, milliseconds: int) -> str:
    """Return a step's own callback URL.

    Args:
        url: the execution's (`ExecutionContext.resumeUrl`).
        milliseconds: when the step began, since 1970.
    """
    above, _, own = url.rpartition("/")
    at = f"{milliseconds:x}"
    return f"{above}/{at}.{_digest(own, f'step{chr(10)}{at}')}"


def given_at(secret: str, execution_id: str, given: str) -> int | None:
    """Return when the step began that a URL is of, in milliseconds since 1970; None where it is of no step of ours.

    The time it takes tells nothing of how far the proof agrees.
    """
    found = _OWN.fullmatch(given)
    if found is None:
        return None
    right = _digest(signature(secret, execution_id), f"step\n{found[1]}")
    return int(found[1], 16) if hmac.compare_digest(right.encode(), found[2].encode()) else None


def _digest(key: str, text: str) -> str:
    digest = hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def resume_urls() -> ResumeUrl | None:
    """Return how this function makes callback URLs; None where it has no secret (`STEPWEAVE_RESUME_SECRET...`)."""
    origin = content_origin()
    if not origin or not is_set(SECRET):
        return None

    def url(execution_id: str) -> str:
        return f"{origin}/hooks/{PREFIX}/{execution_id}/{signature(secret(SECRET), execution_id)}"

    return url
