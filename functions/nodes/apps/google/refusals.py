"""What Google's refusals say, in the formats of all its APIs (cloud.google.com/apis/design/errors, and Drive's).

`{"error": {"code", "message", "errors": [{"reason"}], "status", "details": [...]}}`, or OAuth's `{"error",
"error_description"}`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from stepweave.spec.refusals import Told

_LIMITS: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"})
_AGAIN_AT: Final = re.compile(r"[Rr]etry after (\d{4}-\d\d-\d\dT[\d:.]+Z)")
_DELAY: Final = re.compile(r"(\d{1,6}(?:\.\d+)?)s")
_SCOPES: Final = "Add the app's scope to the credential (and to the consent screen), and connect it again."
_DISABLED: Final = "Enable the API in Google Cloud's console, in the project of the credential, and wait a few minutes."
_REMEDIES: Final = {
    "insufficientPermissions": _SCOPES,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _SCOPES,
    "accessNotConfigured": _DISABLED,
    "SERVICE_DISABLED": _DISABLED,
    "storageQuotaExceeded": "Make room, or use a shared drive: a service account has no room of its own.",
    "dailyLimitExceeded": "Wait until tomorrow, or raise the quota in Google Cloud's console.",
    "domainPolicy": "An administrator of the Workspace has turned the app off, or must allow it.",
    "failedPrecondition": "A service account has no mailbox: let it act as a person of your Workspace.",
}
_UNSEEN: Final = "Check the ID, and share it with the account; a service account sees only what is shared with it."


def read_refusal(status: int, body: Any) -> Told | None:
    """Return what a refusal of Google's says (`App.refusal`)."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(error, str):
        words = str(body.get("error_description") or error)
        return Told(words=words, code=error)
    if not isinstance(error, Mapping) or not isinstance(error.get("message"), str):
        return None
    words = str(error["message"])
    codes = list(_codes(error))
    code = next(iter(codes), "")
    if status == 429 or (status == 403 and not _LIMITS.isdisjoint(codes)):
        return Told(words=words, code=code, kind="limited", retry_after=_wait(words, error))
    if status >= 500:
        return Told(words=words, code=code, kind="away")
    found = (_REMEDIES[one] for one in codes if one in _REMEDIES)
    return Told(words=words, code=code, remedy=next(found, _UNSEEN if status in (403, 404) else ""))


def _codes(error: Mapping[str, Any]) -> Iterator[str]:
    """Yield how an error is called, the most exact name first."""
    for list_name in ("errors", "details"):
        entries = error.get(list_name)
        for entry in entries if isinstance(entries, list) else []:
            reason = entry.get("reason") if isinstance(entry, Mapping) else None
            if isinstance(reason, str) and reason:
                yield reason
    if isinstance(error.get("status"), str):
        yield error["status"]


def _wait(words: str, error: Mapping[str, Any]) -> float | None:
    """Return the seconds until Google wants to be asked again; None where it does not say."""
    details = error.get("details")
    for entry in details if isinstance(details, list) else []:
        delay = _DELAY.fullmatch(str(entry.get("retryDelay", ""))) if isinstance(entry, Mapping) else None
        if delay:
            return float(delay[1])
    found = _AGAIN_AT.search(words)
    if found is None:
        return None
    try:
        again = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return max(0.0, (again - datetime.now(UTC)).total_seconds())
