"""The compare-datasets node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldNames, FieldPair, dots_field, ignore_case_field, loose_field, names_field

_MIXED = {"resolve": ["mix"]}


class Params(NodeParams):
    """What makes items the same thing, and what of them is compared."""

    match: list[FieldPair] = ui(
        ...,
        title="Fields that must be equal",
        kind=Kind.COLLECTION,
        help="They say which item of A and which of B are about the same thing.",
        required_when_shown=True,
        default_factory=list,
        max_length=20,
    )
    resolve: Literal["both", "first", "second", "mix"] = ui(
        "both",
        title="Where items differ, give",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("both", "What is the same, and both values of what differs"),
            ("first", "A's item"),
            ("second", "B's item"),
            ("mix", "A mixture"),
        ],
    )
    prefer: Literal["first", "second"] = ui(
        "first",
        title="Take fields from",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "A"), ("second", "B")],
        show_when=_MIXED,
    )
    other_fields: FieldNames = names_field("But these from the other", placeholder="updatedAt, owner", show_when=_MIXED)
    skip: FieldNames = names_field(
        "Fields not to compare", placeholder="updatedAt", help="Whatever they hold, items can be the same."
    )
    multiple: Literal["first", "all"] = ui(
        "first",
        title="Several items of B that match",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "Compare with the first"), ("all", "Compare with each")],
        group="options",
    )
    loose: bool = loose_field()
    ignore_case: bool = ignore_case_field()
    dots: bool = dots_field()


DOCS = """\
Compares two lists of items: what is in A only, in both and the same, in both but different, in B only. Items are
about the same thing where the fields that must be equal are; a field that is missing or null equals nothing, so such
items are in one list only. Then all other fields are compared, but those that are not to be. Values are equal as in
[Remove duplicates](remove_duplicates.md).

**Output.** *In A only*, *Same* (A's item), *Different*, *In B only*. A different pair gives `keys` (the fields that
must be equal), `same` (the fields that are), `different` (each with `inputA` and `inputB`; a field that one of them
does not have is missing there) and `skipped` (those not compared, with both values), or A's item, B's, or a mixture
of them. Items that are made of two belong to both, and have the files of both, A's where they are called the same.

Where several items of B match one of A, it is compared with the first, and the others are in B only; or with each of
them.

**Errors.** `ParameterInvalid`: no field that must be equal, or a name that cannot be read. `DataTooLarge`: more than
200,000 pairs. `ValueMismatch`: a field that a mixture takes from the other item has no place in this one.

**Example.** `id` and `id`, not comparing `updatedAt`: what to create, to leave alone, to change and to delete in B.
"""

SPEC = NodeSpec(
    type="compare_datasets",
    name="Compare datasets",
    category=Category.DATA,
    icon="git-compare",
    summary="Finds what two lists have in common, and where they differ.",
    docs=DOCS,
    params=Params,
    inputs=(Port("first", "A"), Port("second", "B")),
    outputs=(
        Port("onlyFirst", "In A only"),
        Port("same", "Same"),
        Port("different", "Different"),
        Port("onlySecond", "In B only"),
    ),
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"id": 1, "name": "Ada"},),
)
