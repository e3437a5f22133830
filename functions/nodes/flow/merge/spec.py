"""The merge node as a value."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldPair, dots_field, ignore_case_field, loose_field

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
Choice = Literal[
    "any", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "empty"
]
_BY_FIELDS = {"mode": ["fields"]}
_COMBINES = {"mode": ["position", "fields", "all"]}


class Params(NodeParams):
    """How the lists become one."""

    mode: Literal["append", "position", "fields", "all", "choose"] = ui(
        "append",
        title="Mode",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("append", "Append: one list after the other"),
            ("position", "Combine by position"),
            ("fields", "Combine where fields are equal"),
            ("all", "All combinations"),
            ("choose", "Choose one list"),
        ],
    )
    inputs: int = ui(
        2,
        title="Number of lists",
        kind=Kind.NUMBER,
        expression=False,
        help="Where fields are equal, two are combined.",
        ge=2,
        le=len(_ORDINALS),
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
            ("everything", "Pairs, and the rest of all"),
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
        title="When several have a field",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("second", "The later one's wins"),
            ("first", "The earlier one's wins"),
            ("suffix", "Keep all, as name_1, name_2"),
        ],
        show_when=_COMBINES,
    )
    choose: Choice = ui(
        "any",
        title="List",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("any", "The first that has items"),
            *((name, f"The {name}") for name in _ORDINALS),
            ("empty", "None: one empty item"),
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
Makes one list of two or up to ten. It runs as soon as all ways to it are decided; a way that was not taken counts as
an empty list. (To put lists after each other, several edges into one input of any node do as well.)

**Modes.** *Append* gives one list after the other. *By position* combines the first items of all lists, the second
items, and so on. *Where fields are equal* combines every pair of two lists whose fields are equal (`order.id` looks
into an object, `lines[0].id` into a list; a missing field or `null` equals nothing; text and numbers are different,
unless compared loosely). *All combinations* combines each with each, at most 100,000. *Choose* passes one list on, or
gives one empty item once all ways are decided.

**Joins.** *Pairs only* is SQL's inner join, with the rest of the first a left join, of the second a right join, of
all an outer join. *What has no pair* with data from the first gives those of the first that are not in the second;
*pairs only* with data from the first those that are, each once.

**Output.** Combined items have the fields of all and the files of all; with *Keep all* a name that is taken already
gets its number once more (`id_1_1`). What has no pair is kept as *Keep* says: after the pairs, in its list's order.

**Errors.** `DataTooLarge` for more than 100,000 combinations. `ParameterInvalid`: a field's name that cannot be read,
or more lists than the mode combines: three and more go by position with pairs only or the rest of all.

**Example.** *Where fields are equal*, `customerId` and `id`: orders on the first input, customers on the second.
"""

SPEC = NodeSpec(
    type="merge",
    name="Merge",
    category=Category.FLOW,
    icon="merge",
    summary="Makes one list of several.",
    docs=DOCS,
    subtitle="{mode}",
    params=Params,
    lowering="join",
    inputs=tuple(Port(name, name.capitalize()) for name in _ORDINALS),
    inputs_counted="inputs",
    outputs=(Port("main"),),
    timeout_seconds=60,
    memory_mb=512,
    output_example=({"id": 7, "name": "Ada"},),
)
