"""What Telegram's refusals mean, and what to do (`{"ok": false, "error_code", "description", "parameters"}`)."""

from typing import Any, Final

from stepweave.spec.refusals import Told

_CHECK_BOT: Final = "Get the bot's token from @BotFather, and write it into the credential."
_REMEDIES: Final = (
    (
        "chat not found",
        "People must write to the bot first; in groups and channels it must be a member.",
    ),
    ("bot was blocked", "The person has blocked the bot, and only they can undo that: leave them out."),
    ("user is deactivated", "The account is gone: leave it out."),
    ("bot can't initiate", "The person must write to the bot first."),
    ("kicked", "Add the bot to the group or channel again."),
    ("not enough rights", "Make the bot an administrator with this right."),
    ("administrator rights", "Make the bot an administrator with this right."),
    ("need administrator", "Make the bot an administrator with this right."),
    ("message to", "Check the message's id, and that it is one of this chat. Old messages can no longer be deleted."),
    ("message can't be", "Bots change only their own messages, and delete those of others only as administrators."),
    ("wrong file identifier", "Write the id that this very bot got, or a whole URL."),
    ("failed to get http url", "Telegram could not fetch the URL: it must be public, and at most 20 MB (photos 5 MB)."),
    ("wrong type of the web page", "The URL leads to no file of this kind."),
    ("file is too big", "Bots can fetch files of at most 20 MB."),
    ("query is too old", "Answer within seconds after the button was pressed."),
    ("button_data_invalid", "A button tells the bot at most 64 bytes."),
    ("button_url_invalid", "Write a whole public URL for the button."),
    ("photo_invalid_dimensions", "Send it as a document: width and height together may have 10,000 points."),
    ("an https url must be provided", "Telegram calls only https addresses: the platform needs a public https URL."),
    ("bad webhook", "Telegram calls public https addresses only, on the ports 443, 80, 88 and 8443."),
)


def read(status: int, body: Any) -> Told | None:
    """Return what a refusal says (`ReadRefusal`)."""
    if not isinstance(body, dict) or body.get("ok") is not False:
        return None
    words = str(body.get("description") or "no reason given")
    number = body.get("error_code")
    code = number if isinstance(number, int) else status
    given = body.get("parameters")
    parameters: dict[str, Any] = given if isinstance(given, dict) else {}
    if code == 429:
        wait = parameters.get("retry_after")
        return Told(words=words, kind="limited", retry_after=float(wait) if isinstance(wait, int | float) else None)
    if code >= 500:
        return Told(words=words, kind="away")
    if "migrate_to_chat_id" in parameters:
        id = parameters["migrate_to_chat_id"]
        return Told(words=words, remedy=f"The group became a supergroup: its id is {id} now.", code="migrated")
    if code in (401, 404):
        return Told(words=words, remedy=_CHECK_BOT)
    lower = words.lower()
    if "message is not modified" in lower:
        return Told(words=words, remedy="It says this already.", code="not_modified")
    return Told(words=words, remedy=next((remedy for words, remedy in _REMEDIES if words in lower), ""))
