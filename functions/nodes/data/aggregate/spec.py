"""The aggregate node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import FieldNames, Text, dots_field, names_field

_FIELDS = {"mode": ["fields"]}
_ALL = {"mode": ["all"]}


class Aggregated(NodeParams):
    """A field whose values become a list."""

    field: Text = ui(..., title="Field", kind=Kind.TEXT, placeholder="order.id", min_length=1, max_length=500)
    output: Text = ui("", title="Name of the list", kind=Kind.TEXT, help="Empty: the field's own name.", max_length=500)


class Params(NodeParams):
    """What becomes a list."""

    mode: Literal["fields", "all"] = ui(
        "fields",
        title="Aggregate",
        kind=Kind.SELECT,
        expression=False,
        options=[("fields", "Fields, a list of each"), ("all", "Whole items, into one list")],
    )
    fields: list[Aggregated] = ui(
        ...,
        title="Fields",
        kind=Kind.COLLECTION,
        show_when=_FIELDS,
        required_when_shown=True,
        default_factory=list,
        max_length=100,
    )
    output: Text = ui(
        "data", title="Name of the list", kind=Kind.TEXT, show_when=_ALL, required_when_shown=True, max_length=500
    )
    include: Literal["all", "only", "except"] = ui(
        "all",
        title="Take",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All fields"), ("only", "Only these fields"), ("except", "All fields but these")],
        show_when=_ALL,
    )
    include_fields: FieldNames = names_field(
        "Which fields", show_when={"mode": ["all"], "include": ["only", "except"]}, required_when_shown=True
    )
    merge_lists: bool = ui(
        False,
        title="Merge lists",
        kind=Kind.BOOLEAN,
        expression=False,
        help="A field that is a list adds its entries to the list, not itself.",
        show_when=_FIELDS,
        group="options",
    )
    keep_missing: bool = ui(
        False,
        title="Keep missing values",
        kind=Kind.BOOLEAN,
        expression=False,
        help="A field that is missing or null adds null.",
        show_when=_FIELDS,
        group="options",
    )
    include_files: bool = ui(
        False,
        title="Take the files along",
        kind=Kind.BOOLEAN,
        expression=False,
        help="A name that is taken gets a number: data, data_1.",
        group="options",
    )
    unique_files: bool = ui(
        False,
        title="Each file once",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Files with the same content, type and name are taken once.",
        show_when={"includeFiles": [True]},
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Makes one item of all items. *Fields* makes a list of each named field's values; *whole items* puts the items' data
into one list.

A list is called as its field is, by the last name of a path (`order.id` gives `id`), or as you name it; `lists.ids`
goes into an object. A value that is missing or null is left out, and so are nulls within a list, unless missing
values are kept: then the lists have an entry for each item.

**Output.** One item. It belongs to all input items; `$('Node').item` behind it works where all of them come from one.
Files are left behind unless they are taken along.

**Errors.** `ParameterInvalid`: no field, two lists of one name, or a name that cannot be read. `ValueMismatch`: a
name does not fit the others (`a` and `a.b`).

**Example.** *Whole items* into `data`: an item `{"data": [{"id": 7}, {"id": 8}]}`, to send a list in one request.
"""

SPEC = NodeSpec(
    type="aggregate",
    name="Aggregate",
    category=Category.DATA,
    icon="layers",
    summary="Makes one item of many: lists of their fields, or one list of all.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"data": [{"id": 7}, {"id": 8}]},),
)
