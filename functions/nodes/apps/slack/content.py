"""What a message says, as Slack takes it: text and blocks."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.slack.fields import Button, Content, Posted
from functions.nodes.apps.slack.mrkdwn import escaped, mended, of_markdown
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid

MOST_TEXT: Final = 40_000
_MOST_SECTION: Final = 3000
_MOST_BLOCKS: Final = 50


def content_of(params: Content) -> dict[str, Any]:
    """Return `text`, `blocks` and `attachments` of a message. Raises ParameterInvalid, DataTooLarge."""
    text = _text(params)
    blocks = _list(params.blocks, "blocks")
    if params.buttons:
        blocks = [*(blocks or sections(text)), _actions(params.buttons)]
    if len(blocks) > _MOST_BLOCKS:
        raise _wrong("blocks", f"The message has {len(blocks)} blocks; Slack takes {_MOST_BLOCKS}.", "Send fewer.")
    attachments = _list(params.attachments, "attachments")
    if not (text or blocks or attachments):
        raise _wrong("text", "The message is empty.", "Write a text, or blocks.")
    made: dict[str, Any] = {"text": text}
    if blocks:
        made["blocks"] = blocks
    if attachments:
        made["attachments"] = attachments
    return made if text or not blocks else {name: value for name, value in made.items() if name != "text"}


def posted(params: Posted) -> dict[str, Any]:
    """Return the arguments of a message that is posted. Raises as `content_of` does."""
    made = {"channel": params.channel.strip(), **content_of(params)}
    if params.thread.strip():
        made["thread_ts"] = params.thread.strip()
        if params.broadcast:
            made["reply_broadcast"] = True
    if not params.unfurl:
        made |= {"unfurl_links": False, "unfurl_media": False}
    if params.username:
        made["username"] = params.username
    if params.icon:
        made["icon_url" if params.icon.startswith(("https://", "http://")) else "icon_emoji"] = params.icon
    return made


def _text(params: Content) -> str:
    write = {"plain": escaped, "markdown": of_markdown}.get(params.format, mended)
    text = write(params.text)
    if len(text) > MOST_TEXT:
        words = f"The text has {len(text)} characters; Slack takes {MOST_TEXT}."
        raise DataTooLarge(words, "Shorten it, or upload it as a file.", details={"field": "params.text"})
    return text if text.strip() else ""


def _list(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict):
        value = value.get(name, value)
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _wrong(name, f"The {name} are no list of objects.", "Write them as Slack's Block Kit Builder gives them.")
    return value


def sections(text: str) -> list[dict[str, Any]]:
    """Return the blocks of a text in mrkdwn, of a long one several."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in _parts(text)]


def _parts(text: str) -> Iterator[str]:
    while text:
        end = len(text)
        if end > _MOST_SECTION:
            end = max(text.rfind("\n", 0, _MOST_SECTION), text.rfind(" ", 0, _MOST_SECTION)) + 1 or _MOST_SECTION
        yield text[:end]
        text = text[end:]


def _actions(buttons: list[Button]) -> dict[str, Any]:
    elements = []
    for place, button in enumerate(buttons):
        one: dict[str, Any] = {"type": "button", "action_id": f"button_{place}"}
        one["text"] = {"type": "plain_text", "text": button.text, "emoji": True}
        one["value"] = button.value or button.text
        if button.url:
            one["url"] = button.url
        if button.style:
            one["style"] = button.style
        elements.append(one)
    return {"type": "actions", "elements": elements}


def _wrong(field: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{field}"})
