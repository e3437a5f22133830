"""Callback URLs: the address whose caller lets a waiting execution go on (contracts.md, "Waiting").

`<publicUrl>/hooks/resume/<execution id>/<signature>`. The signature is made with a secret that the control plane alone
has, so nobody comes by the address but from the workflow that gave it away.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Final

from stepweave.aws.secrets import is_set, secret

ResumeUrl = Callable[[str], str]
"""Execution id to callback URL. Raises AwsError where the secret cannot be read."""

SECRET: Final = "STEPWEAVE_RESUME_SECRET"  # noqa: S105  # its name
"""The variable of the secret (`stepweave.aws.secrets`)."""
PREFIX: Final = "resume"
"""What comes after `/hooks/`; no tenant has this name."""


def signature(secret: str, execution_id: str) -> str:
    """Return what proves that a callback URL is ours: 43 characters that a URL takes as they are."""
    digest = hmac.new(secret.encode(), f"resume\n{execution_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_signed(secret: str, execution_id: str, given: str) -> bool:
    """Whether a signature is right. The time it takes tells nothing of how far it agrees."""
    return hmac.compare_digest(signature(secret, execution_id).encode(), given.encode("utf-8", "surrogatepass"))


def resume_urls() -> ResumeUrl | None:
    """Return how this function makes callback URLs; None where it has no secret (`STEPWEAVE_RESUME_SECRET...`)."""
    origin = os.environ.get("STEPWEAVE_PUBLIC_URL", "").rstrip("/")
    if not origin or not is_set(SECRET):
        return None

    def url(execution_id: str) -> str:
        return f"{origin}/hooks/{PREFIX}/{execution_id}/{signature(secret(SECRET), execution_id)}"

    return url
