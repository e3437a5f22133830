"""What Notion's refusals say (developers.notion.com/reference/status-codes)."""

from typing import Any, Final

from stepweave.spec.refusals import Told

_REMEDIES: Final = {
    "unauthorized": "Check the token in the credential.",
    "restricted_resource": "Give the integration the capability (read, update, insert, comments, users) at Notion.",
    "object_not_found": "Check the ID, and share the page or database with the integration: …, Connections.",
    "conflict_error": "Let the node retry: the page was being changed at the same time.",
}
_LATER: Final = frozenset({"conflict_error", "service_unavailable", "internal_server_error", "gateway_timeout"})


def told(status: int, body: Any) -> Told | None:
    """Return what a refusal says: `{"code", "message"}`. A conflict may succeed when it is asked again."""
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return None
    code = str(body.get("code") or "")
    words = f"{code}: {body['message']}" if code else body["message"]
    limited = status == 429 or code == "rate_limited"
    away = status >= 500 or code in _LATER
    return Told(
        words=words,
        code=code,
        remedy=_REMEDIES.get(code, ""),
        kind="limited" if limited else "away" if away else "refused",
    )
