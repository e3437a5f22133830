"""Blocks to Markdown (developers.notion.com/reference/block)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.nodes.apps.notion.blocks.inline import markdown_of
from functions.nodes.apps.notion.plain import text_of

_HEADINGS: Final = {"heading_1": "# ", "heading_2": "## ", "heading_3": "### "}
_LISTS: Final = frozenset({"bulleted_list_item", "numbered_list_item", "to_do", "toggle"})
_FILES: Final = frozenset({"image", "video", "file", "pdf", "audio"})
_LINKS: Final = frozenset({"bookmark", "embed", "link_preview"})


def markdown_from(blocks: Sequence[Mapping[str, Any]]) -> str:
    """Return blocks, with those in their `children`, as Markdown. A block that has none is a comment with its type."""
    lines: list[str] = []
    number, before = 0, ""
    for block in blocks:
        kind = str(block.get("type"))
        number = number + 1 if kind == "numbered_list_item" else 0
        family = "list" if kind in _LISTS and kind != "numbered_list_item" else kind
        if lines and not (family == before and kind in _LISTS):
            lines.append("")
        lines.append(_written(block, kind, number))
        before = family
    return "\n".join(lines)


def _written(block: Mapping[str, Any], kind: str, number: int) -> str:
    inner = block.get(kind) or {}
    text = markdown_of(inner.get("rich_text"))
    children = markdown_from(block.get("children") or [])
    if kind in _HEADINGS:
        return _HEADINGS[kind] + text.replace("\n", " ") + (f"\n\n{children}" if children else "")
    if kind in _LISTS:
        mark = {"numbered_list_item": f"{number}. ", "to_do": f"- [{'x' if inner.get('checked') else ' '}] "}
        first = mark.get(kind, "- ")
        indent = " " * (len(first) if kind == "numbered_list_item" else 2)
        return first + _indented("\n".join(filter(None, (text, children))), indent)
    match kind:
        case "quote" | "callout":
            return "> " + _indented("\n\n".join(filter(None, (text, children))), "> ")
        case "code":
            language = str(inner.get("language") or "")
            return f"```{'' if language == 'plain text' else language}\n{text_of(inner.get('rich_text'))}\n```"
        case "divider":
            return "---"
        case "equation":
            return f"$$\n{inner.get('expression', '')}\n$$"
        case "table":
            return _table(block)
        case "child_page" | "child_database":
            return (
                f"[{inner.get('title') or 'Untitled'}](https://www.notion.so/{str(block.get('id')).replace('-', '')})"
            )
    if kind in _FILES:
        return _file(inner, kind)
    if kind in _LINKS:
        return f"[{markdown_of(inner.get('caption')) or inner.get('url')}]({inner.get('url')})"
    if "rich_text" in inner or children:
        return "\n\n".join(filter(None, (text, children)))
    return f"<!-- {kind} -->"


def _indented(text: str, indent: str) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(f"{indent}{line}".rstrip() for line in others)])


def _file(inner: Mapping[str, Any], kind: str) -> str:
    url = (inner.get(str(inner.get("type"))) or {}).get("url", "")
    words = markdown_of(inner.get("caption")) or str(inner.get("name") or kind)
    return f"{'!' if kind == 'image' else ''}[{words}]({url})"


def _table(block: Mapping[str, Any]) -> str:
    rows = [
        [markdown_of(cell).replace("|", "\\|").replace("\n", " ") for cell in row["table_row"].get("cells", [])]
        for row in block.get("children") or []
        if "table_row" in row
    ]
    if not rows:
        return ""
    head, *others = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *others))
