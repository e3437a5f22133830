"""Markdown to blocks (developers.notion.com/reference/block)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.apps.notion.blocks.inline import groups_of, pieces_of
from functions.nodes.apps.notion.texts import rich_text

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_TASK: Final = re.compile(r"\[([ xX])\][ \t]+")
_LANGUAGES: Final = """
bash c c# c++ css dart diff docker elixir elm erlang f# go graphql haskell html java javascript json julia
kotlin latex less lisp lua makefile markdown matlab mermaid nix objective-c ocaml perl php powershell prolog
protobuf python r ruby rust sass scala scheme scss shell sql swift toml typescript xml yaml
"""
_SHORT: Final = {
    "cs": "c#",
    "csharp": "c#",
    "cpp": "c++",
    "js": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "py": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "shell",
    "zsh": "shell",
    "yml": "yaml",
    "md": "markdown",
    "dockerfile": "docker",
    "golang": "go",
}
Block = dict[str, Any]


def blocks_of(markdown: str) -> list[Block]:
    """Return blocks; those within a block stand in its `children`. What Notion has no block for becomes text."""
    # Imported here: forms and other operations do without the parser.
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 50}).enable(["table", "strikethrough"])
    return list(_within(SyntaxTreeNode(reader.parse(markdown))))


def _within(node: "SyntaxTreeNode") -> Iterator[Block]:
    for child in node.children:
        yield from _blocks(child)


def _blocks(node: "SyntaxTreeNode") -> Iterator[Block]:
    match node.type:
        case "heading":
            yield from _texts(f"heading_{min(3, int(node.tag[1]))}", _inline(node))
        case "paragraph":
            yield from _paragraph(node)
        case "bullet_list" | "ordered_list":
            kind = "bulleted_list_item" if node.type == "bullet_list" else "numbered_list_item"
            for entry in node.children:
                yield from _entry(kind, entry)
        case "blockquote":
            first, *others = list(_within(node)) or [_block("paragraph", [])]
            yield _quote(first, others)
        case "fence" | "code_block":
            yield from _code(node)
        case "hr":
            yield {"type": "divider", "divider": {}}
        case "table":
            yield _table(node)
        case _:
            yield from _texts("paragraph", rich_text(node.content.strip()))


def _inline(node: "SyntaxTreeNode") -> list[dict[str, Any]]:
    return pieces_of(_tokens(node))


def _tokens(node: "SyntaxTreeNode") -> "list[Token]":
    token = node.children[0].token if node.children else None
    return list(token.children or []) if token else []


def _paragraph(node: "SyntaxTreeNode") -> Iterator[Block]:
    tokens = _tokens(node)
    source = str(tokens[0].attrGet("src") or "") if len(tokens) == 1 and tokens[0].type == "image" else ""
    if re.match(r"https?://", source):
        caption = rich_text(tokens[0].content)
        yield {"type": "image", "image": {"type": "external", "external": {"url": source}, "caption": caption}}
        return
    yield from _texts("paragraph", pieces_of(tokens))


def _texts(kind: str, pieces: list[dict[str, Any]]) -> Iterator[Block]:
    """Yield a block, and further ones of its kind for what does not fit it."""
    for group in groups_of(pieces):
        yield _block(kind, group)


def _block(kind: str, pieces: list[dict[str, Any]], **more: Any) -> Block:
    return {"type": kind, kind: {"rich_text": pieces, **more}}


def _entry(kind: str, node: "SyntaxTreeNode") -> Iterator[Block]:
    """Yield an entry of a list, which is a task where it begins with `[ ]`."""
    children = node.children
    tokens = _tokens(children[0]) if children and children[0].type == "paragraph" else []
    more: dict[str, Any] = {}
    task = _TASK.match(tokens[0].content) if tokens and tokens[0].type == "text" else None
    if task:
        tokens[0].content = tokens[0].content[task.end() :]
        kind, more = "to_do", {"checked": task[1] != " "}
    first, *others = groups_of(pieces_of(tokens))
    made = _block(kind, first, **more)
    inner = [_block("paragraph", group) for group in others]
    for child in children[1:] if tokens else children:
        inner += _blocks(child)
    yield _with(made, inner)


def _with(block: Block, children: list[Block]) -> Block:
    if children:
        block[block["type"]]["children"] = children
    return block


def _quote(first: Block, others: list[Block]) -> Block:
    """Return a quote: its first paragraph is its text, what follows lies in it."""
    if first["type"] == "paragraph":
        return _with(_block("quote", first["paragraph"]["rich_text"]), others)
    return _with(_block("quote", []), [first, *others])


def _code(node: "SyntaxTreeNode") -> Iterator[Block]:
    word = (node.info or "").strip().split(" ")[0].lower()
    language = _SHORT.get(word, word)
    language = language if language in _LANGUAGES.split() else "plain text"
    for group in groups_of(rich_text(node.content.removesuffix("\n"))):
        yield _block("code", group, language=language)


def _table(node: "SyntaxTreeNode") -> Block:
    rows = [row for part in node.children for row in part.children]
    width = max((len(row.children) for row in rows), default=1)
    children = []
    for row in rows:
        cells = [groups_of(_inline(cell))[0] for cell in row.children]
        children.append({"type": "table_row", "table_row": {"cells": cells + [[]] * (width - len(cells))}})
    return {"type": "table", "table": {"table_width": width, "has_column_header": True, "children": children}}
