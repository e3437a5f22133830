"""The limit node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port


class Params(NodeParams):
    """How many items, and from which end."""

    count: int = ui(1, title="Items", kind=Kind.NUMBER, ge=1, le=1_000_000)
    keep: Literal["first", "last"] = ui(
        "first",
        title="Keep",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "The first"), ("last", "The last")],
    )


DOCS = """\
Keeps so many items and drops the others. An expression in *Items* is evaluated once, for the first item.

**Output.** The first or the last items, in their order.

**Errors.** None of its own.

**Example.** *Items* `10`, *Keep* `The first`, after a node that sorts: the top ten.
"""

SPEC = NodeSpec(
    type="limit",
    name="Limit",
    category=Category.DATA,
    icon="list-end",
    summary="Keeps the first or the last items.",
    docs=DOCS,
    subtitle="{keep} {count}",
    params=Params,
    lowering="limit",
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=30,
    output_example=({"id": 7},),
)
