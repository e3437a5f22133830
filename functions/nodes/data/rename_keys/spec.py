"""The rename-keys node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, dots_field


class Renaming(NodeParams):
    """A field and its new name."""

    old: Text = ui(..., title="Field", kind=Kind.TEXT, placeholder="Id", min_length=1, max_length=500)
    new: Text = ui(..., title="New name", kind=Kind.TEXT, placeholder="customer.id", min_length=1, max_length=500)


class Replacing(NodeParams):
    """A pattern in names, and what takes its place."""

    pattern: str = ui(
        ...,
        title="Pattern",
        kind=Kind.TEXT,
        expression=False,
        placeholder="^fields_(.*)$",
        help="A regular expression, as in JavaScript.",
        min_length=1,
        max_length=1000,
    )
    replacement: Text = ui(
        "",
        title="Replace with",
        kind=Kind.TEXT,
        placeholder="$1",
        help="$1 is what the first group found.",
        max_length=500,
    )
    ignore_case: bool = ui(False, title="Ignore upper and lower case", kind=Kind.BOOLEAN, expression=False)
    depth: int = ui(
        -1,
        title="Depth",
        kind=Kind.NUMBER,
        expression=False,
        help="0: the item's own fields, 1: also those of objects in it, and so on; -1: all.",
        ge=-1,
        le=200,
    )


class Params(NodeParams):
    """The new names."""

    keys: list[Renaming] = ui(..., title="Fields to rename", kind=Kind.COLLECTION, default_factory=list, max_length=500)
    patterns: list[Replacing] = ui(
        ...,
        title="Patterns in names",
        kind=Kind.COLLECTION,
        help="Applied after the fields above, one after another.",
        default_factory=list,
        max_length=20,
    )
    clash: Literal["replace", "fail"] = ui(
        "replace",
        title="Where the new name is taken",
        kind=Kind.SELECT,
        expression=False,
        options=[("replace", "Replace what is there"), ("fail", "End with an error")],
        group="options",
    )
    missing: Literal["skip", "fail"] = ui(
        "skip",
        title="A field that an item does not have",
        kind=Kind.SELECT,
        expression=False,
        options=[("skip", "Is left out"), ("fail", "Ends with an error")],
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Gives fields of every item other names. `customer.name` is a field in an object, as an old name and as a new one: a
renaming can take a field out of an object or put it into one. All fields are taken out before the first is put back,
so two can exchange their names. A field that only gets another name keeps its place.

*Patterns* rename all fields whose names a regular expression finds, also in objects and lists, with every place it is
found replaced (`$1`, `$<name>` and `$&` as in JavaScript). Patterns run in a process of their own, and end with an
error when they take too long.

**Output.** One item for each input item, with its files.

**Errors.** `ValueMismatch`: a name is taken or a field missing, where that is an error, or a name does not fit the
item (`a.b` where `a` is a list). `PatternInvalid`: a pattern cannot be read or takes too long. `ParameterInvalid`: a
name cannot be read.

**Example.** `Id` to `Account ID`; pattern `^fields_`, replaced with nothing.
"""

SPEC = NodeSpec(
    type="rename_keys",
    name="Rename keys",
    category=Category.DATA,
    icon="text-cursor-input",
    summary="Gives fields of every item other names.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=60,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"Account ID": 7},),
)
