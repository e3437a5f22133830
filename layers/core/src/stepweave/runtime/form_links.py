"""Addresses of forms: where the visitor of an execution goes on, and what a page that was sent once is known by.

`<contentUrl>/forms/~/<execution id>/<signature>` shows the page that the execution waits with, or its end. It
is signed with the secret of callback URLs and for this purpose only: who fills in a form can answer no callback.

`<contentUrl>/forms/~/<execution id>/<key>.<proof>` shows one page, which somebody was asked to answer, and nothing else
of the execution. The proof is made with the signature, which nodes know from `formUrl`, and does not tell it.
"""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from typing import Final

from stepweave.aws.secrets import is_set, secret
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.origins import content_origin

FormUrl = Callable[[str], str]
"""Execution id to the address of its pages. Raises AwsError where the secret cannot be read."""

ROOM: Final = "forms"
VISITS: Final = "~"
"""What comes after `/forms/`; no tenant has this name, for a slug has none but letters, digits and dashes."""
TOKEN_SECONDS: Final = 86_400
"""How long a page may be open before it is sent."""
_TOKEN: Final = re.compile(r"([0-9a-f]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")


def signature(secret: str, execution_id: str) -> str:
    """Return what proves that an address of an execution's pages is ours: 43 characters, all of them fit for a URL."""
    return _digest(secret, f"form\n{execution_id}")


def is_signed(secret: str, execution_id: str, given: str) -> bool:
    """Whether a signature is right. The time it takes tells nothing of how far it agrees."""
    return _same(signature(secret, execution_id), given)


def question_url(form_url: str, place: str) -> tuple[str, str]:
    """Return the address of one page of an execution, and the key that its wait is known by.

    Args:
        form_url: of the execution's pages (`ExecutionContext.formUrl`).
        place: what the page is for: the same each time, for a node run.
    """
    key = base64.urlsafe_b64encode(hashlib.sha256(f"question\n{place}".encode()).digest()[:16]).rstrip(b"=").decode()
    above, _, own = form_url.rpartition("/")
    return f"{above}/{key}.{_digest(own, f'question{chr(10)}{key}')}", key


def question_key(secret: str, execution_id: str, given: str) -> str:
    """Return the key of the page that the end of an address names; "" where it is none of ours."""
    key, dot, proof = given.partition(".")
    if not dot or not key:
        return ""
    right = _digest(signature(secret, execution_id), f"question\n{key}")
    return key if _same(right, proof) else ""


def form_urls() -> FormUrl | None:
    """Return how this function makes these addresses; None where it has no secret (`STEPWEAVE_RESUME_SECRET...`)."""
    origin = content_origin()
    if not origin or not is_set(SECRET):
        return None
    return lambda execution_id: f"{origin}{path_of(secret(SECRET), execution_id)}"


def path_of(secret: str, execution_id: str) -> str:
    """Return the path of an execution's pages."""
    return f"/{ROOM}/{VISITS}/{execution_id}/{signature(secret, execution_id)}"


def new_token(secret: str, page: str) -> str:
    """Return what a page carries that is shown now, so that it counts once however often it is sent.

    Args:
        secret: of callback URLs.
        page: what tells the page from others, its fields included.
    """
    head = f"{int(time.time()):x}.{secrets.token_urlsafe(16)}"
    return f"{head}.{_proof(secret, page, head)}"


def submission_of(secret: str, page: str, token: str) -> str | None:
    """Return what a token's submission is known by; None for one that is too old, or of another page.

    Args:
        secret: of callback URLs.
        page: as for `new_token`.
        token: as it came.
    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    at, random, given = found.groups()
    right = _same(_proof(secret, page, f"{at}.{random}"), given)
    age = time.time() - int(at, 16)
    return random if right and -60 <= age <= TOKEN_SECONDS else None


def _proof(secret: str, page: str, head: str) -> str:
    return _digest(secret, f"page\n{page}\n{head}")


def _digest(secret: str, text: str) -> str:
    made = hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogatepass"))
