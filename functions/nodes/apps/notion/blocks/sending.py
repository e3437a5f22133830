"""Appending blocks within Notion's limits, and reading those of a page with what lies in them.

A request takes 100 blocks in a list, 1000 in all and 500 KB (developers.notion.com/reference/request-limits), and two
levels of them: what lies deeper is appended to the block that it lies in, once that is there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.nodes.apps.notion.errors import ContentIncomplete
from functions.nodes.apps.notion.pages import entries
from stepweave.runtime.errors import NodeError
from stepweave.spec.operations import Call, RequestSpec

MOST_BLOCKS: Final = 100
MOST_BYTES: Final = 400_000
MOST_READ: Final = 5000
MOST_DEEP: Final = 10
APPEND: Final = RequestSpec("PATCH", "/blocks/{block}/children", body={"children": "{children}", "after": "{after?}"})
CHILDREN: Final = RequestSpec("GET", "/blocks/{block}/children")

Block = dict[str, Any]


def append(call: Call, parent: str, blocks: Sequence[Block], after: str = "") -> list[Block]:
    """Append blocks to a page or block, and return those of the first level as Notion has them.

    Raises:
        ContentIncomplete: some are there, and others were refused.
    """
    made: list[Block] = []
    try:
        for part in _parts(blocks):
            sent, later = zip(*(_apart(block) for block in part), strict=True)
            answer = call.ask(APPEND, block=parent, children=list(sent), after=after)
            found = list(answer.get("results", []))[: len(part)]
            made += found
            after = found[-1]["id"] if after and found else after
            for block, inner in zip(found, later, strict=False):
                if inner:
                    append(call, block["id"], inner)
    except ContentIncomplete:
        raise
    except NodeError as error:
        if not made:
            raise
        raise ContentIncomplete(
            f"{len(made)} of {len(blocks)} blocks are there, then: {error.message}",
            "Look at the page, and take out what is there before it is appended again.",
            details={**error.details, "block": parent, "appended": len(made)},
        ) from None
    return made


def _parts(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield blocks in parts that a request takes."""
    part: list[Block] = []
    size = count = 0
    for block in blocks:
        sent, _ = _apart(block)
        length, number = len(json.dumps(sent)), 1 + len(_children(sent))
        if part and (len(part) == MOST_BLOCKS or size + length > MOST_BYTES or count + number > 1000):
            yield part
            part, size, count = [], 0, 0
        part.append(block)
        size, count = size + length, count + number
    if part:
        yield part


def _children(block: Mapping[str, Any]) -> list[Block]:
    return list(block[block["type"]].get("children") or [])


def _apart(block: Block) -> tuple[Block, list[Block]]:
    """Return a block as it is sent, and what is to be appended to it later.

    Its children go along where they are few and have none of their own. A table must have rows from the beginning.
    """
    children = _children(block)
    if not children:
        return block, []
    kind = block["type"]
    if kind == "table":
        return {**block, kind: {**block[kind], "children": children[:MOST_BLOCKS]}}, children[MOST_BLOCKS:]
    if len(children) <= MOST_BLOCKS and not any(_children(child) for child in children):
        return block, []
    bare = {name: value for name, value in block[kind].items() if name != "children"}
    return {**block, kind: bare}, children


def content(call: Call, block: str, most: int | None) -> list[Block]:
    """Return the blocks in a page or block, with theirs in `children`. Raises ResponseTooLarge beyond `MOST_READ`."""
    from stepweave.runtime.http_errors import ResponseTooLarge

    count = 0

    def within(block: str, most: int | None, depth: int) -> list[Block]:
        nonlocal count
        found: list[Block] = []
        for one in entries(call.ask, CHILDREN, most, block=block):
            count += 1
            if count > MOST_READ:
                raise ResponseTooLarge(
                    f"The page has more than {MOST_READ} blocks.", "Set a limit, or read a block of it alone."
                )
            deeper = one.get("has_children") and one.get("type") not in ("child_page", "child_database")
            inner = within(str(one["id"]), None, depth + 1) if deeper and depth < MOST_DEEP else []
            found.append({**one, "children": inner} if inner else one)
        return found

    return within(block, most, 0)
