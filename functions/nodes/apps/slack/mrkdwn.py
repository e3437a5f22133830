"""Slack's markup: `&`, `<` and `>` escaped where they are text, and what Markdown says, written in it.

See docs.slack.dev/messaging/formatting-message-text.
"""

import re
from typing import Final

from stepweave.runtime.styled import Run, runs_of_markdown

_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt);)")
_SPECIAL: Final = re.compile(
    r"<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+[^<>]*|(?:https?://|mailto:|tel:|slack://)[^<>\s|]+(?:\|[^<>]*)?)>"
)
"""Mentions, dates and links: what stands in angle brackets and is no text."""
_MARKS: Final = {"bold": "*", "italic": "_", "strike": "~"}


def escaped(text: str) -> str:
    """Return text in which nothing is markup of Slack's angle brackets."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mended(text: str) -> str:
    """Return mrkdwn in which angle brackets and ampersands that can only be text are escaped; the rest stays."""
    made, at = [], 0
    for found in _SPECIAL.finditer(text):
        made += [_text(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*made, _text(text[at:])])


def of_markdown(text: str) -> str:
    """Return mrkdwn that says what Markdown says."""
    runs = runs_of_markdown(text)
    made = ""
    for place, run in enumerate(runs):
        before, after = made[-1:], runs[place + 1].text[:1] if place + 1 < len(runs) else ""
        made += _written(run, before, after)
    return made.strip()


def _written(run: Run, before: str, after: str) -> str:
    kinds = {style.kind for style in run.styles}
    if "pre" in kinds:
        return f"```\n{escaped(run.text)}\n```"
    core = run.text.strip()
    if not core:
        return _quoted(run.text, before) if "quote" in kinds else run.text
    start = run.text.index(core)
    text = escaped(core)
    if "code" in kinds:
        text = f"`{text}`"
    url = next((style.detail for style in run.styles if style.kind == "link"), "")
    if url.partition(":")[0].lower() in ("http", "https", "mailto", "tel"):
        text = f"<{escaped(url).replace('|', '%7C')}|{text.replace('|', '¦')}>"
    marks = [mark for kind, mark in _MARKS.items() if kind in kinds and "code" not in kinds]
    for mark in marks:
        text = f"{mark}{text}{mark}"
    if marks or "code" in kinds:
        # Marks count between words only: where there is none, something invisible makes one.
        text = ("\u200b" if before.isalnum() and not start else "") + text
        text += "\u200b" if after.isalnum() and start + len(core) == len(run.text) else ""
    whole = run.text[:start] + text + run.text[start + len(core) :]
    return _quoted(whole, before) if "quote" in kinds else whole


def _quoted(text: str, before: str) -> str:
    text = text.replace("\n", "\n> ")
    return f"> {text}" if before in ("", "\n") else text


def _text(text: str) -> str:
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    line = _ENTITY.sub("&amp;", line).replace("<", "&lt;")
    said = line.lstrip("> ")  # what begins a line quotes it
    return line.removesuffix(said) + said.replace(">", "&gt;")
