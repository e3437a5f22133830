"""Sends the question and waits, and passes the items on when nobody answered in time."""

import re
from typing import Final

from functions.nodes.apps.telegram.nodes.ask.spec import Params
from functions.nodes.apps.telegram.spec import APP
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.asking_in_chats import Buttons, ask_and_wait
from stepweave.runtime.http.operations import asking
from stepweave.spec.operations import RequestSpec

_SEND: Final = RequestSpec(
    "POST",
    "/{credential}/sendMessage",
    body={"chat_id": "{chat}", "text": "{text}", "entities": "{entities?}", "reply_markup": "{markup}"},
)


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return nothing and wait, or after its time the input items."""
    # Imported here: what reads Markdown belongs to the message, not to the function's start.
    from functions.nodes.apps.telegram.formatting import MOST_TEXT, fitting, formatted
    from functions.nodes.apps.telegram.sending import chat_of

    def send(params: Params, buttons: Buttons) -> str:
        text = formatted(f"**{_plain(params.subject)}**\n\n{params.message}", "markdown", "message")
        [text] = fitting(text, MOST_TEXT, splits=False, field="message")
        values = {
            "chat": chat_of(params.chat),
            "text": text.text,
            "entities": text.entities(),
            "markup": {"inline_keyboard": [[{"text": name, "url": url}] for name, url in buttons]},
        }
        made = asking(APP, step, params.credential, _SEND, values).answer().body["result"]
        return f"Message {made.get('message_id')} is sent"

    return ask_and_wait(step, send)


def _plain(text: str) -> str:
    """Return text in which nothing is Markdown."""
    return re.sub(r"([^\w\s])", r"\\\1", " ".join(text.split()))
