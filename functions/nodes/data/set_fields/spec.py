"""The set-fields node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port


class Assignment(NodeParams):
    """One field and its value."""

    name: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        placeholder="customer.name",
        min_length=1,
        max_length=500,
    )
    value: Any = ui("", title="Value", kind=Kind.TEXT, placeholder="{{ $json.first }} {{ $json.last }}")
    type: Literal["auto", "text", "number", "boolean", "json"] = ui(
        "auto",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "As it is"),
            ("text", "Text"),
            ("number", "Number"),
            ("boolean", "True or false"),
            ("json", "List or object"),
        ],
    )


class Params(NodeParams):
    """The fields to set."""

    assignments: list[Assignment] = ui(
        ...,
        title="Fields",
        kind=Kind.COLLECTION,
        help="a.b goes one level deeper, a[0] into a list; write \\. for a dot that belongs to the name.",
        default_factory=list,
        max_length=500,
    )
    keep_other_fields: bool = ui(
        True,
        title="Keep the other fields",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: items have only the fields above.",
    )


DOCS = """\
Sets fields of every item. A field is named by its path: `customer.name` sets `name` inside `customer`, `items[0].name`
(or `items.0.name`) that of the first entry of a list, `a["x.y"]` a field with a dot in its name. What is missing on the
way is made; a field that really is called `a.b` comes first.

**Output.** One item for each input item: its fields with the new ones, or the new ones alone when *Keep the other
fields* is off. Files of the item stay with it.

**Text.** As JavaScript writes it: `1` for 1.0, `1e+21`, `true`; nothing for null; lists and objects become their JSON.

**Errors.** `ValueMismatch` when a value cannot be made the type that was asked for (`abc` as a number), or a path does
not fit the item (`items.name` where `items` is a list, `items[-1]`).

**Example.** `total` = `{{ $json.price * $json.count }}`, type *Number*.
"""

SPEC = NodeSpec(
    type="set_fields",
    name="Set fields",
    category=Category.DATA,
    icon="pencil",
    summary="Adds, changes or keeps only some fields of every item.",
    docs=DOCS,
    params=Params,
    lowering="fields",
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=30,
    errors=("ValueMismatch",),
    output_example=({"customer": {"name": "Ada Lovelace"}, "total": 120.5},),
)
