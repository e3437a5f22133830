"""The mail that asks: its text, and its HTML with the buttons."""

from collections.abc import Sequence
from html import escape
from typing import Final

_BUTTON: Final = (
    "display:inline-block;padding:10px 20px;margin:0 8px 8px 0;border-radius:6px;border:1px solid #4f46e5;"
    "font:600 15px sans-serif;text-decoration:none;"
)
_FIRST: Final = "background:#4f46e5;color:#ffffff;"
_OTHER: Final = "background:#ffffff;color:#4f46e5;"


def text_of(message: str, buttons: Sequence[tuple[str, str]]) -> str:
    """Return the mail's text: the message, and a line for each button."""
    lines = "\n".join(f"{name}: {url}" for name, url in buttons)
    return f"{message.strip()}\n\n{lines}" if message.strip() else lines


def html_of(message: str, html: str, buttons: Sequence[tuple[str, str]]) -> str:
    """Return the mail's HTML: the author's, or the message as it is written, and the buttons below it."""
    above = html.strip()
    if not above and message.strip():
        above = f'<p style="font:15px sans-serif">{_lines(message)}</p>'
    links = "".join(
        f'<a href="{escape(url)}" style="{_BUTTON}{_OTHER if index else _FIRST}">{escape(name)}</a>'
        for index, (name, url) in enumerate(buttons)
    )
    return f"{above}\n<p>{links}</p>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.strip().splitlines())
