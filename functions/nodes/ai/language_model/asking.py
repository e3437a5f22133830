"""What is asked, from the parameters: the conversation with its files."""

import json
from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.items import Item
from stepweave.runtime.item_files import OpenFile
from stepweave.runtime.placing import invalid
from stepweave_ai.attaching import files_of
from stepweave_ai.talking import Message, Request, Text

MOST_MESSAGES: Final = 10_000
_ROLES: Final = ("user", "assistant", "system")


def request_of(params: Params, item: Item, open_file: OpenFile) -> Request:
    """Return what is asked for an item.

    Raises:
        ParameterInvalid: the messages are none, or a file is none that models take.
        DataTooLarge: the files are too large together.
        DataMissing: a file is gone.
    """
    system, messages = params.system, list[Message]()
    if params.ask == "messages":
        told, messages = _conversation(params.messages)
        system = "\n\n".join(filter(None, (system, told)))
    else:
        parts = files_of(params.files, item, open_file)
        messages = [Message("user", [*parts, Text(params.prompt)])]
    return Request(
        model=params.model.strip(),
        messages=messages,
        system=system,
        temperature=params.temperature,
        top_p=params.top_p,
        most_tokens=params.most_tokens,
        stop=[row.text for row in params.stop],
    )


def _conversation(value: Any) -> tuple[str, list[Message]]:
    """Return what the system's messages say, and the others; those of one role behind each other become one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise invalid("messages", "Messages: it is no JSON.", _HOW) from None
    if not isinstance(value, list) or not value:
        raise invalid("messages", "Messages: it is no list of messages.", _HOW)
    if len(value) > MOST_MESSAGES:
        raise invalid("messages", f"Messages: there are {len(value):,}; {MOST_MESSAGES:,} may be sent.", "Send fewer.")
    told: list[str] = []
    messages: list[Message] = []
    for number, entry in enumerate(value, 1):
        role, text = _said(entry, number)
        if role == "system":
            told.append(text)
        elif messages and messages[-1].role == role:
            messages[-1] = Message(messages[-1].role, [*messages[-1].parts, Text(text)])
        else:
            messages.append(Message("assistant" if role == "assistant" else "user", [Text(text)]))
    if not messages or messages[-1].role != "user":
        raise invalid("messages", "Messages: the last one is not a user's.", "End with a message of the role user.")
    return "\n\n".join(told), messages


_HOW: Final = 'Write a list like [{"role": "user", "content": "Hello"}], or an expression that gives one.'


def _said(entry: Any, number: int) -> tuple[str, str]:
    role = entry.get("role") if isinstance(entry, Mapping) else None
    text = entry.get("content") if isinstance(entry, Mapping) else None
    if role not in _ROLES:
        raise invalid("messages", f"Messages: the role of message {number} is none of {', '.join(_ROLES)}.", _HOW)
    if not isinstance(text, str) or not text.strip():
        raise invalid("messages", f"Messages: the content of message {number} is no text.", _HOW)
    return str(role), text
