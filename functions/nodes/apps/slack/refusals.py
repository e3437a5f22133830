"""What Slack's refusals mean, and what to do (`{"ok": false, "error": "..."}`, whose status is 200)."""

from typing import Any, Final

from stepweave.spec.refusals import Told

_NEW: Final = "Enter the app's token into the credential again, or connect it again."
_AWAY: Final = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")
_LIMITED: Final = ("ratelimited", "rate_limited", "message_limit_exceeded")
_REMEDIES: Final = {
    "invalid_auth": _NEW,
    "not_authed": _NEW,
    "account_inactive": "The app was removed, or its person has left: install it again, with a new token.",
    "token_revoked": _NEW,
    "token_expired": _NEW,
    "not_allowed_token_type": "This needs a token of the other kind: a person's (xoxp-…), or a bot's (xoxb-…).",
    "no_permission": "The person or the app may not do this: ask an owner of the workspace.",
    "restricted_action": "The workspace forbids it: ask one of its owners.",
    "channel_not_found": "Choose the channel from the list or write its id; add the app to it where it is private.",
    "not_in_channel": "Add the app to the channel (write /invite @app there), or give it the scope chat:write.public.",
    "is_archived": "The channel is archived: choose another.",
    "user_not_found": "Choose the person from the list, or write the id (U…).",
    "users_not_found": "Nobody in the workspace has this address.",
    "message_not_found": "Check the channel and the message's ts, which is text such as 1503435956.000247.",
    "cant_update_message": "Apps change only their own messages.",
    "cant_delete_message": "Apps delete only their own messages.",
    "edit_window_closed": "The workspace lets messages be changed for a short time only.",
    "no_text": "Write a text, or blocks.",
    "msg_too_long": "A message may have 40,000 characters.",
    "msg_blocks_too_long": "Shorten the blocks: all of them together may have some 13,000 characters.",
    "invalid_blocks": "Try the blocks out in Slack's Block Kit Builder.",
    "invalid_blocks_format": "Blocks are a list, as Slack's Block Kit Builder gives it.",
    "invalid_name": "Write the emoji's name without colons; channels have lower-case letters, digits, - and _.",
    "invalid_name_specials": "Names of channels have lower-case letters, digits, - and _ alone.",
    "invalid_name_maxlength": "Names of channels have at most 80 characters.",
    "name_taken": "A channel has this name already, perhaps an archived one.",
    "time_in_past": "Choose a later time.",
    "time_too_far": "Messages can be scheduled for the next 120 days.",
    "already_in_channel": "They are in the channel already.",
    "cant_invite_self": "The app is in the channel already.",
    "invalid_ts_latest": "Write a ts, such as 1503435956.000247.",
    "thread_not_found": "Check the message's ts, and that it is in this channel.",
    "invalid_cursor": "Begin with the first page.",
    "file_not_found": "The file is gone, or the app may not see it.",
    "method_not_supported_for_channel_type": "This is not possible in a direct message.",
}


def read(status: int, body: Any) -> Told | None:
    """Return what a refusal says (`ReadRefusal`)."""
    if not isinstance(body, dict) or not isinstance(body.get("error"), str):
        return None
    code = body["error"]
    if code in _LIMITED or status == 429:
        return Told(words=code, code=code, kind="limited")
    if code in _AWAY:
        return Told(words=code, code=code, kind="away")
    if code == "missing_scope":
        needed, provided = body.get("needed") or "another", body.get("provided") or "none"
        remedy = f"Give the app the scope {needed} under OAuth & Permissions, and install it again."
        return Told(words=f"missing_scope: it needs {needed}, and has {provided}", code=code, remedy=remedy)
    words = ": ".join([code, *_details(body)])
    return Told(words=words, code=code, remedy=_REMEDIES.get(code, ""))


def _details(body: dict[str, Any]) -> list[str]:
    """Return what Slack says besides its code: which block is wrong, what a method's argument lacks."""
    more = body.get("response_metadata")
    messages = more.get("messages") if isinstance(more, dict) else None
    found = [str(one) for one in messages[:3]] if isinstance(messages, list) else []
    return [*found, str(body["detail"])] if isinstance(body.get("detail"), str) else found
