"""Requests to Telegram: what all that sends has in common (core.telegram.org/bots/api)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.telegram.fields import Button, Keyboard, Media, Sending
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.spec.operations import Call, RequestSpec

MOST_MB: Final = 50
MOST_PHOTO_MB: Final = 10
MOST_DATA: Final = 64
_MB: Final = 1024 * 1024
_FILE_ID: Final = re.compile(r"[A-Za-z0-9_-]{20,200}")


def ask(call: Call, method: str, values: dict[str, Any], files: dict[str, Any] | None = None) -> Any:
    """Ask for one of the API's methods, and return its result.

    Args:
        call: the operation's.
        method: as the API calls it.
        values: its arguments; those that are None are not sent.
        files: the item's files that go along, by argument.
    """
    given = {name: value for name, value in values.items() if value is not None}
    body = {name: f"{{{name}}}" for name in given}
    files = files or {}
    rows = tuple((name, f"{{{name}}}") for name in files)
    request = RequestSpec("POST", f"/{{credential}}/{method}", body=body, files=rows)
    return call.ask(request, **given, **files)["result"]


def chat_of(chat: str) -> int | str:
    """Return a chat as the API takes it: ids are numbers."""
    chat = chat.strip()
    return int(chat) if re.fullmatch(r"-?[0-9]{1,18}", chat) else chat


def sending(params: Sending) -> dict[str, Any]:
    """Return the arguments that say where and how something is sent. Raises ParameterInvalid."""
    return {
        "chat_id": chat_of(params.chat),
        "message_thread_id": params.topic,
        "disable_notification": params.silent or None,
        "protect_content": params.protected or None,
        "reply_parameters": {"message_id": params.reply_to} if params.reply_to else None,
        "reply_markup": keyboard(params),
    }


def keyboard(params: Keyboard) -> Any:
    """Return what stands below a message; None for nothing. Raises ParameterInvalid."""
    if params.reply_markup:
        if not isinstance(params.reply_markup, dict):
            raise ParameterInvalid(
                "The reply markup is no object.",
                'Write it as Telegram\'s API has it, such as {"remove_keyboard": true}.',
                details={"field": "params.replyMarkup"},
            )
        return params.reply_markup
    rows: list[list[dict[str, Any]]] = []
    for place, button in enumerate(params.buttons):
        if button.new_row or not rows:
            rows.append([])
        rows[-1].append(_button(button, place))
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button, place: int) -> dict[str, Any]:
    value = button.value or button.text
    if button.does == "data" and len(value.encode()) > MOST_DATA:
        raise ParameterInvalid(
            f"The button “{button.text[:50]}” tells the bot {len(value.encode())} bytes; Telegram takes {MOST_DATA}.",
            "Tell it a short name or an id, and keep the rest in the store.",
            details={"field": f"params.buttons.{place}.value"},
        )
    does: dict[str, dict[str, Any]] = {
        "data": {"callback_data": value},
        "url": {"url": value},
        "webApp": {"web_app": {"url": value}},
        "copy": {"copy_text": {"text": value}},
    }
    return {"text": button.text, **does[button.does]}


def media(call: Call, value: Any, kind: str, field: str = "file") -> tuple[Any, Any]:
    """Return what a parameter means: a URL or an id at Telegram, or else one of the item's files.

    Raises:
        ParameterInvalid: the item has no such file.
        DataTooLarge: it is larger than Telegram takes.
    """
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith(("https://", "http://")):
        return text, None
    try:
        file = call.file(field, value)
    except ParameterInvalid:
        if _FILE_ID.fullmatch(text):
            return text, None
        raise
    place = "params.file" if field == "file" else "params.messageSendAlbumFiles"
    most = MOST_PHOTO_MB if kind == "photo" else MOST_MB
    if file.size > most * _MB:
        raise DataTooLarge(
            f"The file has {file.size / _MB:.1f} MB; Telegram takes {most} MB from bots for a {kind}.",
            "Send a link to it, or send it as a document." if kind == "photo" else "Send a link to it.",
            details={"field": place},
        )
    if file.size == 0:
        raise ParameterInvalid("The file is empty.", "Telegram takes none such.", details={"field": place})
    return None, value


def send_file(call: Call, params: Media, kind: str, **more: Any) -> Iterator[dict[str, Any]]:
    """Send a file as a `kind` of Telegram's: `photo`, `document`, ...; give the message."""
    from functions.nodes.apps.telegram.formatting import MOST_CAPTION, fitting, formatted

    values = {**sending(params), **more}
    if params.caption.strip():
        caption = formatted(params.caption, params.caption_format, "caption")
        [caption] = fitting(caption, MOST_CAPTION, splits=False, field="caption")
        values |= {"caption": caption.text, "caption_entities": caption.entities() or None}
    known, file = media(call, params.file, kind)
    method = f"send{kind.capitalize()}"
    if file is None:
        yield ask(call, method, {**values, kind: known})
    else:
        yield ask(call, method, values, {kind: file})
