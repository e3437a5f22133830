"""Appends content to a page."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Content
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Content):
    """The content, and where it comes."""

    block: Text = ui(
        ...,
        title="Page or block",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="Its ID or address.",
        min_length=1,
        max_length=2000,
    )
    blocks: list[dict[str, Any]] = ui(
        ...,
        title="Blocks as JSON",
        kind=Kind.JSON,
        placeholder='[{"type": "divider", "divider": {}}]',
        help="As Notion's API takes them; they come behind the content.",
        default_factory=list,
        group="options",
        max_length=5000,
    )
    after: Text = ui(
        "", title="Behind the block", kind=Kind.TEXT, help="Its ID. Empty: at the end.", group="options", max_length=100
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the new blocks of the first level."""
    from functions.nodes.apps.notion.blocks.reading import blocks_of
    from functions.nodes.apps.notion.blocks.sending import append
    from functions.nodes.apps.notion.ids import id_of
    from stepweave.runtime.errors import ParameterInvalid

    typeless = next((one for one in params.blocks if not isinstance(one.get(str(one.get("type"))), dict)), None)
    if typeless is not None:
        raise ParameterInvalid(
            "Blocks as JSON: a block has no type, or not what belongs to it.",
            'Write {"type": "paragraph", "paragraph": {"rich_text": []}}.',
            details={"field": "params.blockAppendBlocks"},
        )
    block = id_of(params.block, "Page or block", "params.blockAppendBlock")
    after = id_of(params.after, "Behind the block", "params.blockAppendAfter") if params.after else ""
    yield from append(call, block, [*blocks_of(params.content), *params.blocks], after)


OPERATION = Operation(
    resource="block",
    name="append",
    label="Append",
    summary="Appends content to a page, or to a block of one.",
    params=Params,
    run=run,
    output_example=({"id": "b1", "type": "paragraph", "has_children": False},),
)
