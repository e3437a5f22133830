"""What Airtable's refusals say (airtable.com/developers/web/api/errors)."""

from typing import Any, Final

from stepweave.spec.refusals import Told

LIMITED_SECONDS: Final = 30.0
"""After 429 Airtable answers nothing for so long (airtable.com/developers/web/api/rate-limits)."""

_REMEDIES: Final = {
    "AUTHENTICATION_REQUIRED": "Check the token in the credential.",
    "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND": "Check the base and the table, that the token has access to the "
    "base, and its scopes.",
    "INVALID_VALUE_FOR_COLUMN": "Change the value, or turn on Convert values.",
    "INVALID_MULTIPLE_CHOICE_OPTIONS": "Write one of the field's options, or turn on Convert values.",
    "UNKNOWN_FIELD_NAME": "Write the field as the table calls it, with the same capitals.",
    "INVALID_FILTER_BY_FORMULA": "Check the formula and the names of its fields.",
}


def told(status: int, body: Any) -> Told | None:
    """Return what a refusal says: `{"error": {"type", "message"}}`, `{"error": "NOT_FOUND"}`, or a list of such."""
    if not isinstance(body, dict):
        return Told(words="Too many requests", kind="limited", retry_after=LIMITED_SECONDS) if status == 429 else None
    error = body.get("error")
    if error is None and isinstance(body.get("errors"), list) and body["errors"]:
        error = body["errors"][0]
    if isinstance(error, str):
        code, message = error, ""
    elif isinstance(error, dict):
        code, message = str(error.get("type") or error.get("error") or ""), str(error.get("message") or "")
    else:
        return None
    words = f"{code}: {message}" if code and message else code or message
    if status == 429:
        return Told(words=words, code=code, kind="limited", retry_after=LIMITED_SECONDS)
    return Told(words=words, code=code, remedy=_REMEDIES.get(code, ""), kind="away" if status >= 500 else "refused")
