"""Markdown to Notion's blocks and back, within its limits."""

from typing import Any

import pytest

from functions.nodes.apps.notion.blocks.reading import blocks_of
from functions.nodes.apps.notion.errors import ContentIncomplete
from functions.nodes.apps.notion.run import run
from functions.nodes.apps.notion.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError
from tests.fakes import steps
from tests.fakes.notion import BASE_URL, SOURCE, TOKEN, Notion
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web

PAGE = "33333333-3333-4333-8333-333333333333"
MARKDOWN = """\
# Notes

Some **bold**, *italic*, ~~gone~~ and `code`, and [a link](https://x.y/z).

## Tasks

- [ ] open
- [x] done
- plain
  - deeper
    - deepest
      - bottom

1. first
2. second

> a quote

```python
print("hi")
```

---

| a | b |
| --- | --- |
| 1 | 2\\|3 |

![a picture](https://x.y/p.png)"""


@pytest.fixture
def notion(web: Web, monkeypatch: pytest.MonkeyPatch) -> Notion:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Notion(web, "/v1")


@pytest.fixture
def node(notion: Notion) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "notion_token"] = {"token": TOKEN}
    made.outside.turns = [{"given": True, "wait": 0}] * 500
    return made


def appending(content: str, **more: Any) -> dict[str, Any]:
    where = {"credential": "c", "resource": "block", "operation": "append", "blockAppendBlock": PAGE}
    return {**where, "content": "{{ $json.text }}", "text": content, **more}


def append(node: Bench, content: str, **more: Any) -> list[dict[str, Any]]:
    given = appending(content, **more)
    return node.json(given, items({"text": given.pop("text")}))


def read(node: Bench) -> str:
    where = {"credential": "c", "resource": "block", "operation": "list", "blockListBlock": PAGE, "returnAll": True}
    [found] = node.json(where, items({}))
    return str(found["markdown"])


def test_markdown_comes_back_as_it_was(notion: Notion, node: Bench) -> None:
    append(node, MARKDOWN)
    assert read(node) == MARKDOWN


def test_many_blocks_go_in_parts(notion: Notion, node: Bench) -> None:
    append(node, "\n\n".join(f"line {number}" for number in range(250)))
    assert [len(body["children"]) for _, _, body in notion.asked] == [100, 100, 50]
    assert read(node).count("line") == 250


def test_lists_as_deep_as_one_likes_are_kept(notion: Notion, node: Bench) -> None:
    deep = "\n".join(f"{'  ' * level}- level {level}" for level in range(8))
    append(node, deep)
    assert read(node) == deep


def test_lines_that_break_in_a_paragraph_are_more_pieces_than_a_block_has(notion: Notion, node: Bench) -> None:
    append(node, "\n".join(f"**line** {number}" for number in range(80)))
    assert [len(block["paragraph"]["rich_text"]) for block in notion.blocks[PAGE]] == [100, 60]


def test_a_list_with_many_entries_in_one_keeps_them_all(notion: Notion, node: Bench) -> None:
    append(node, "- top\n" + "\n".join(f"  - entry {number}" for number in range(150)))
    assert read(node).count("entry") == 150


def test_a_table_with_many_rows_keeps_them_all(notion: Notion, node: Bench) -> None:
    append(node, "| a |\n| --- |\n" + "\n".join(f"| row {number} |" for number in range(150)))
    assert read(node).count("row") == 150


def test_a_long_paragraph_and_long_code_lose_nothing(notion: Notion, node: Bench) -> None:
    text, code = "word " * 50_000, "x = 1\n" * 40_000
    append(node, f"{text.strip()}\n\n```py\n{code}```")
    kinds = [block["type"] for block in notion.blocks[PAGE]]
    assert kinds == ["paragraph"] * 2 + ["code"] * 2
    whole = "".join(piece["plain_text"] for block in notion.blocks[PAGE] for piece in block[block["type"]]["rich_text"])
    assert whole == text.strip() + code.removesuffix("\n")


def test_blocks_come_behind_another_in_their_order(notion: Notion, node: Bench) -> None:
    [first, _] = append(node, "one\n\nlast")
    append(node, "\n\n".join(f"n{number}" for number in range(120)), blockAppendAfter=first["id"])
    lines = read(node).split("\n\n")
    assert lines == ["one", *(f"n{number}" for number in range(120)), "last"]


def test_what_is_there_already_is_said_where_the_rest_is_refused(notion: Notion, node: Bench) -> None:
    notion.refuses = []
    page = "\n\n".join(f"n{number}" for number in range(120))
    taken = {"results": [{"id": f"b{number}"} for number in range(100)]}
    notion.refuses = [(200, taken, {}), (400, {"code": "validation_error", "message": "no"}, {})]
    with pytest.raises(ContentIncomplete, match=r"100 of 120 blocks are there, .*validation_error: no") as refused:
        append(node, page)
    assert (refused.value.retryable, refused.value.details["appended"]) == (False, 100)


def test_content_that_is_refused_at_once_is_an_error_like_any(notion: Notion, node: Bench) -> None:
    notion.refuses = [(400, {"code": "validation_error", "message": "no"}, {})]
    with pytest.raises(HttpClientError, match=r"Block: Append: .*validation_error: no"):
        append(node, "x")


def test_a_page_whose_content_is_refused_is_named(notion: Notion, node: Bench) -> None:
    source = {"id": SOURCE, "properties": {"Name": {"type": "title"}}}
    made = {"id": PAGE, "url": "https://www.notion.so/p", "properties": {}}
    notion.refuses = [(200, source, {}), (200, made, {}), (502, "<html>", {})]
    given = {"credential": "c", "resource": "page", "operation": "create", "database": SOURCE, "content": "x"}
    with pytest.raises(ContentIncomplete, match=r"The page https://www.notion.so/p is there") as refused:
        node(given, items({}))
    assert (refused.value.retryable, refused.value.details["page"]) == (False, PAGE)


def test_blocks_as_json_go_along_and_must_be_blocks(notion: Notion, node: Bench) -> None:
    append(node, "x", blockAppendBlocks=[{"type": "divider", "divider": {}}])
    assert [block["type"] for block in notion.blocks[PAGE]] == ["paragraph", "divider"]
    with pytest.raises(ParameterInvalid, match="a block has no type"):
        append(node, "x", blockAppendBlocks=[{"divider": {}}])


@pytest.mark.parametrize(
    ("markdown", "kinds"),
    [
        ("#### four", ["heading_3"]),
        ("<div>html</div>", ["paragraph"]),
        ("    indented", ["code"]),
        ("![x](data:image/png;base64,AA)", ["paragraph"]),
        ("[x](javascript:alert(1))", ["paragraph"]),
        ("> # in a quote", ["quote"]),
        ("-", ["bulleted_list_item"]),
        ("- # heading in a list", ["bulleted_list_item"]),
        ("", []),
        (">", ["quote"]),
    ],
)
def test_what_notion_has_no_block_for_becomes_text(markdown: str, kinds: list[str]) -> None:
    blocks = blocks_of(markdown)
    assert [block["type"] for block in blocks] == kinds
    assert "javascript:" not in str([block for block in blocks if "link" in str(block) and "url" in str(block)])


def test_marks_in_each_other_and_breaks_are_kept() -> None:
    [block] = blocks_of("**bold *both***\nnext")
    pieces = [(piece["text"]["content"], piece.get("annotations")) for piece in block["paragraph"]["rich_text"]]
    assert pieces == [("bold ", {"bold": True}), ("both", {"bold": True, "italic": True}), ("\nnext", None)]
