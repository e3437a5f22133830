"""The split-out node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, dots_field, names_field


class Params(NodeParams):
    """Which lists, and what goes with their entries."""

    fields: FieldNames = names_field(
        "Fields to split out",
        placeholder="order.lines",
        help="Several with commas: their first entries make an item, their second the next. $binary: the item's files.",
        required_when_shown=True,
    )
    include: Literal["none", "all", "only"] = ui(
        "none",
        title="Other fields",
        kind=Kind.SELECT,
        expression=False,
        options=[("none", "Leave out"), ("all", "Keep all"), ("only", "Keep only these")],
    )
    include_fields: FieldNames = names_field(
        "Fields to keep", show_when={"include": ["only"]}, required_when_shown=True
    )
    nothing: Literal["skip", "keep", "fail"] = ui(
        "skip",
        title="Items with nothing to split out",
        kind=Kind.SELECT,
        expression=False,
        options=[("skip", "Give nothing"), ("keep", "Keep as they are"), ("fail", "End with an error")],
    )
    output: FieldNames = names_field(
        "Name of the entries",
        placeholder="line",
        help="Empty: an object becomes the item, anything else is called as its field. Several fields: several names.",
        group="options",
    )
    flatten: bool = ui(
        False,
        title="Split lists in lists",
        kind=Kind.BOOLEAN,
        expression=False,
        help="An entry that is a list gives its own entries, however deep.",
        group="options",
    )
    include_files: bool = ui(
        False, title="Give each entry the item's files", kind=Kind.BOOLEAN, expression=False, group="options"
    )
    dots: bool = dots_field()


DOCS = """\
Makes an item of each entry of a list. An entry that is an object becomes the item itself; another one (text, a
number, a list) becomes a field called as the list is, or as you name it. With other fields kept, the entry always is
such a field.

An object is split into its values; a single value gives one item. Several fields are split side by side: the first
entries make an item, the second entries the next; where one list is shorter its field is missing. `$binary` gives an
item for each file.

**Output.** As many items as there are entries; each belongs to the item it is from, so `$('Node').item` still works.
An item whose field is missing, null or an empty list gives none, which the log says; it can be kept as it is, or end
the node with an error.

**Errors.** `ValueMismatch`: an item has nothing to split out, where that is an error. `ParameterInvalid`: no field,
or a name that cannot be read. `DataTooLarge`: more than 1,000,000 entries.

**Example.** Fields `order.lines`, keeping `order.id`: an item for each line, each with the order's id.
"""

SPEC = NodeSpec(
    type="split_out",
    name="Split out",
    category=Category.DATA,
    icon="split",
    summary="Makes an item of each entry of a list.",
    docs=DOCS,
    params=Params,
    subtitle="{fields}",
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"product": "Lamp", "count": 2},),
)
