"""What Discord's refusals mean, and what to do (docs.discord.com, "Error Messages", "Rate Limits")."""

from collections.abc import Iterator
from typing import Any, Final

from stepweave.spec.refusals import Told

_MOST_NAMED: Final = 3
_REMEDIES: Final = {
    10003: "Check the channel's id, and that the bot was added to its server.",
    10004: "Check the server's id, and that the bot was added to it.",
    10008: "Check the message's id, and that it is in this channel.",
    10011: "Check the role's id.",
    10013: "Check the person's id.",
    10014: "Write an emoji itself (👍), or name:id of a server's own.",
    10015: "The webhook was deleted: make another, and write its URL into the credential.",
    40005: "Send a smaller file, or a link to it.",
    50001: "Let the bot see the channel: give it the permission View Channel there.",
    50005: "Only the author can change a message.",
    50007: "The person takes no direct messages from this server's members.",
    50013: "Give the bot's role the permission for this; a role can give only roles below it.",
    50027: "The webhook's token is wrong: copy its URL again.",
    50035: "Correct what Discord names.",
    160004: "The message has a thread already.",
}


def read(status: int, body: Any) -> Told | None:
    """Return what a refusal says (`ReadRefusal`)."""
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return None
    words = body["message"]
    if status == 429:
        wait = body.get("retry_after")
        kind = "all requests of the bot" if body.get("global") else "this place"
        seconds = float(wait) if isinstance(wait, int | float) else None
        return Told(words=f"{words} It counts for {kind}.", kind="limited", retry_after=seconds)
    if status >= 500:
        return Told(words=words, kind="away")
    code = body.get("code")
    places = list(_places(body.get("errors"), ""))
    if places:
        words = f"{words}: {'; '.join(places[:_MOST_NAMED])}"
    remedy = _REMEDIES.get(code, "") if isinstance(code, int) else ""
    if status == 401:
        remedy = "Choose a bot's credential (a webhook's is for the resource Webhook alone), or enter its token again."
    return Told(words=words, code=str(code) if code else "", remedy=remedy)


def _places(errors: Any, path: str) -> Iterator[str]:
    """Yield what is wrong and where: `embeds[0].title: Must be 256 or fewer in length.`"""
    if not isinstance(errors, dict):
        return
    for one in errors.get("_errors", []) if isinstance(errors.get("_errors"), list) else []:
        if isinstance(one, dict):
            yield f"{path}: {one.get('message', '')}" if path else str(one.get("message", ""))
    for name, inner in errors.items():
        if name != "_errors":
            step = f"[{name}]" if name.isdecimal() else f".{name}" if path else name
            yield from _places(inner, path + step)
