"""Markdown to HTML."""

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from functions.nodes.data.markdown.spec import Params

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_LEVELS = 6


def rendered(text: str, params: Params) -> str:
    """Return Markdown as HTML."""
    reader = _reader(params.raw_html == "keep", params.line_breaks, params.tables, params.strikethrough)
    tokens = reader.parse(text)
    ids: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_LEVELS, int(token.tag[1]) + params.heading_start - 1)}"
        if token.type == "heading_open" and params.heading_ids:
            token.attrSet("id", _id_of(tokens[place + 1], ids))
        if params.task_lists and token.type == "inline" and _is_task(tokens, place):
            _make_task(token)
        if params.new_window and token.children:
            for child in token.children:
                if child.type == "link_open":
                    child.attrSet("target", "_blank")
                    child.attrSet("rel", "noopener noreferrer")
    html: str = reader.renderer.render(tokens, reader.options, {})
    if params.whole_page:
        return f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n</head>\n<body>\n{html}</body>\n</html>\n'
    return html


@lru_cache(maxsize=16)
def _reader(keeps_html: bool, breaks: bool, tables: bool, strikethrough: bool) -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": keeps_html, "breaks": breaks, "maxNesting": 50})
    return reader.enable([name for name, on in (("table", tables), ("strikethrough", strikethrough)) if on])


def _id_of(inline: Token, ids: dict[str, int]) -> str:
    name = re.sub(r"[^\w\- ]", "", inline.content.lower()).strip().replace(" ", "-") or "section"
    count = ids.get(name, 0)
    ids[name] = count + 1
    return f"{name}-{count}" if count else name


def _is_task(tokens: Sequence[Token], place: int) -> bool:
    before = [token.type for token in tokens[max(0, place - 2) : place]]
    return before == ["list_item_open", "paragraph_open"] and bool(_TASK.match(tokens[place].content))


def _make_task(inline: Token) -> None:
    found, children = _TASK.match(inline.content), inline.children
    if found is None or not children or children[0].type != "text":
        return
    children[0].content = children[0].content[found.end() :]
    box = Token("html_inline", "", 0)
    box.content = f'<input type="checkbox" disabled{"" if found[1] == " " else " checked"}> '
    children.insert(0, box)
