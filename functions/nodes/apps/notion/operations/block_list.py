"""Reads the content of a page."""

from collections.abc import Iterator
from typing import Any, Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation
from stepweave.spec.parts import Text


class Params(Listed):
    """Of which page, and in which form."""

    block: Text = ui(
        ...,
        title="Page or block",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="Its ID or address.",
        min_length=1,
        max_length=2000,
    )
    form: Literal["markdown", "blocks"] = ui(
        "markdown",
        title="As",
        kind=Kind.SELECT,
        expression=False,
        options=[("markdown", "One item with Markdown"), ("blocks", "An item for each block")],
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the content."""
    from functions.nodes.apps.notion.blocks.inline import markdown_of
    from functions.nodes.apps.notion.blocks.sending import content
    from functions.nodes.apps.notion.blocks.writing import markdown_from
    from functions.nodes.apps.notion.ids import id_of

    id = id_of(params.block, "Page or block", "params.blockListBlock")
    found = content(call, id, None if params.return_all else params.limit)
    if params.form == "markdown":
        yield {"id": id, "markdown": markdown_from(found), "blocks": len(found)}
        return
    for block in found:
        inner = block.get(str(block.get("type"))) or {}
        yield {**block, "text": markdown_of(inner.get("rich_text"))}


OPERATION = Operation(
    resource="block",
    name="list",
    label="Read",
    summary="Reads the content of a page or block, with what lies in its blocks.",
    params=Params,
    run=run,
    output_example=({"id": "1f2e", "markdown": "# Notes\n\nHello", "blocks": 2},),
)
