"""What Microsoft Graph's refusals say (learn.microsoft.com/graph/errors)."""

from typing import Any, Final

from stepweave.spec.refusals import Told

_ACCESS: Final = (
    "Give the app the permission in Microsoft Entra (API permissions), and connect the credential again; of another's "
    "mailbox or file, its owner must have shared it."
)
_REMEDIES: Final = {
    "InvalidAuthenticationToken": "Connect the credential again.",
    "ErrorAccessDenied": _ACCESS,
    "accessDenied": _ACCESS,
    "Authorization_RequestDenied": _ACCESS,
    "Forbidden": _ACCESS,
    "ErrorItemNotFound": "Check the ID: that of a message changes when it is moved, unless it came from this node.",
    "itemNotFound": "Check the IDs of drive and workbook.",
    "MailboxNotEnabledForRESTAPI": "The account has no mailbox at Microsoft: choose another, or give it a licence.",
    "ErrorSendAsDenied": "The account may not send as this mailbox: give it Send as in Exchange.",
    "ErrorMessageSizeExceeded": "Send smaller files, or a link.",
    "BadRequest": "Check what the node sends; /me is for people: an app needs a mailbox or a drive.",
}


def told(status: int, body: Any) -> Told | None:
    """Return what a refusal says: `{"error": {"code", "message"}}`. A workbook that is locked may be free later."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    words = f"{code}: {message}" if code and message else code or message
    if status == 429 or "hrottled" in code:
        return Told(words=words, code=code, kind="limited")
    is_locked = status == 423 or (status == 409 and ("Lock" in code or "EditMode" in code))
    away = is_locked or status >= 500
    return Told(words=words, code=code, remedy=_REMEDIES.get(code, ""), kind="away" if away else "refused")
