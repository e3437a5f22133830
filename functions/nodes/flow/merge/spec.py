"""The merge node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port


class Match(NodeParams):
    """A pair of fields that must be equal."""

    first: str = ui(..., title="Field of the first", kind=Kind.TEXT, expression=False, min_length=1, placeholder="id")
    second: str = ui(
        ..., title="Field of the second", kind=Kind.TEXT, expression=False, min_length=1, placeholder="order.id"
    )


class Params(NodeParams):
    """How the two lists become one."""

    mode: Literal["append", "position", "fields", "all", "choose"] = ui(
        "append",
        title="Mode",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("append", "Append: the first list, then the second"),
            ("position", "Combine by position"),
            ("fields", "Combine where fields are equal"),
            ("all", "All combinations"),
            ("choose", "Choose one list"),
        ],
    )
    match: list[Match] = ui(
        ...,
        title="Fields that must be equal",
        kind=Kind.COLLECTION,
        show_when={"mode": ["fields"]},
        required_when_shown=True,
        default_factory=list,
        max_length=20,
    )
    keep: Literal["matched", "first", "second", "everything", "unmatched"] = ui(
        "matched",
        title="Keep",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("matched", "Pairs only"),
            ("first", "Pairs, and the rest of the first"),
            ("second", "Pairs, and the rest of the second"),
            ("everything", "Pairs, and the rest of both"),
            ("unmatched", "What has no pair"),
        ],
        show_when={"mode": ["position", "fields"]},
    )
    clash: Literal["second", "first", "suffix"] = ui(
        "second",
        title="When both have a field",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("second", "The second's wins"),
            ("first", "The first's wins"),
            ("suffix", "Keep both, as name_1 and name_2"),
        ],
        show_when={"mode": ["position", "fields", "all"]},
    )
    choose: Literal["any", "first", "second"] = ui(
        "any",
        title="List",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("any", "The first that has items"),
            ("first", "The first"),
            ("second", "The second"),
        ],
        show_when={"mode": ["choose"]},
    )


DOCS = """\
Makes one list of two. It runs as soon as both ways to it are decided; a way that was not taken counts as an empty list.
(To put lists after each other, several edges into one input of any node do as well.)

**Modes.** *Append* gives the first list, then the second. *By position* combines the first with the first, the second
with the second. *Where fields are equal* combines every pair whose fields are equal (`order.id` looks into an object,
`lines[0].id` into a list; a missing field or `null` equals nothing; text and numbers are different). *All combinations*
pairs each with each, at most 100,000. *Choose* passes one list on.

**Output.** Combined items have the fields of both and the files of both; with *Keep both* a name that is taken already
gets its number once more (`id_1_1`). What has no pair is kept as *Keep* says: after the pairs, in its list's order.

**Errors.** `DataTooLarge` for more than 100,000 combinations.

**Example.** *Where fields are equal*, `customerId` and `id`: orders on the first input, customers on the second.
"""

SPEC = NodeSpec(
    type="merge",
    name="Merge",
    category=Category.FLOW,
    icon="merge",
    summary="Makes one list of two.",
    docs=DOCS,
    subtitle="{mode}",
    params=Params,
    lowering="join",
    inputs=(Port("first", "First"), Port("second", "Second")),
    outputs=(Port("main"),),
    timeout_seconds=60,
    memory_mb=512,
    output_example=({"id": 7, "name": "Ada"},),
)
