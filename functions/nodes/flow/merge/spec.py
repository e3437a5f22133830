"""The merge node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldPair, dots_field, ignore_case_field, loose_field

_BY_FIELDS = {"mode": ["fields"]}
_COMBINES = {"mode": ["position", "fields", "all"]}


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
    match: list[FieldPair] = ui(
        ...,
        title="Fields that must be equal",
        kind=Kind.COLLECTION,
        show_when=_BY_FIELDS,
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
    take: Literal["both", "first", "second"] = ui(
        "both",
        title="Take data from",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("both", "Both lists"),
            ("first", "The first only"),
            ("second", "The second only"),
        ],
        show_when={"mode": ["position", "fields"], "keep": ["matched", "unmatched"]},
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
        show_when=_COMBINES,
    )
    choose: Literal["any", "first", "second", "empty"] = ui(
        "any",
        title="List",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("any", "The first that has items"),
            ("first", "The first"),
            ("second", "The second"),
            ("empty", "Neither: one empty item"),
        ],
        show_when={"mode": ["choose"]},
    )
    deep: bool = ui(
        False,
        title="Merge objects within, too",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: an object that both have is taken whole from one of them.",
        show_when={**_COMBINES, "clash": ["first", "second"]},
        group="options",
    )
    fill_empty: bool = ui(
        False,
        title="Empty values give way",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Where the winning field is null or empty text, the other's is taken.",
        show_when={**_COMBINES, "clash": ["first", "second"]},
        group="options",
    )
    multiple: Literal["all", "first"] = ui(
        "all",
        title="Several of the second that match",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "Make a pair with each"), ("first", "Make a pair with the first")],
        show_when=_BY_FIELDS,
        group="options",
    )
    loose: bool = loose_field(show_when=_BY_FIELDS)
    ignore_case: bool = ignore_case_field(show_when=_BY_FIELDS)
    dots: bool = dots_field(show_when=_BY_FIELDS)


DOCS = """\
Makes one list of two. It runs as soon as both ways to it are decided; a way that was not taken counts as an empty
list. (To put lists after each other, several edges into one input of any node do as well.)

**Modes.** *Append* gives the first list, then the second. *By position* combines the first with the first, the second
with the second. *Where fields are equal* combines every pair whose fields are equal (`order.id` looks into an object,
`lines[0].id` into a list; a missing field or `null` equals nothing; text and numbers are different, unless compared
loosely). *All combinations* pairs each with each, at most 100,000. *Choose* passes one list on.

**Joins.** *Pairs only* is SQL's inner join, with the rest of the first a left join, of the second a right join, of
both an outer join. *What has no pair* with data from the first gives those of the first that are not in the second;
*pairs only* with data from the first those that are, each once.

**Output.** Combined items have the fields of both and the files of both; with *Keep both* a name that is taken
already gets its number once more (`id_1_1`). What has no pair is kept as *Keep* says: after the pairs, in its list's
order.

**Errors.** `DataTooLarge` for more than 100,000 combinations. `ParameterInvalid`: a field's name that cannot be read.

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
