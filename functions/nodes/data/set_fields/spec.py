"""The set-fields node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import FieldNames, dots_field, names_field

_KEPT = {"keepOtherFields": [True]}


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
    type: Literal["auto", "text", "number", "boolean", "json", "list", "object"] = ui(
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
            ("list", "List"),
            ("object", "Object"),
        ],
    )


class Params(NodeParams):
    """The fields to set."""

    mode: Literal["fields", "json"] = ui(
        "fields",
        title="Mode",
        kind=Kind.SELECT,
        expression=False,
        options=[("fields", "Field by field"), ("json", "As JSON")],
    )
    assignments: list[Assignment] = ui(
        ...,
        title="Fields",
        kind=Kind.COLLECTION,
        help="a.b goes one level deeper, a[0] into a list; write \\. for a dot that belongs to the name.",
        show_when={"mode": ["fields"]},
        default_factory=list,
        max_length=500,
    )
    json_fields: Any = ui(
        None,
        title="JSON",
        kind=Kind.JSON,
        placeholder='{"customer": {"name": "{{ $json.first }}"}}',
        help="An object, or one expression that gives it: {{ $json.body }}.",
        show_when={"mode": ["json"]},
        required_when_shown=True,
    )
    keep_other_fields: bool = ui(
        True,
        title="Keep the other fields",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: items have only the fields above.",
    )
    other: Literal["all", "only", "except"] = ui(
        "all",
        title="Which of the other fields",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All"), ("only", "Only these"), ("except", "All but these")],
        show_when=_KEPT,
    )
    other_fields: FieldNames = names_field(
        "Other fields", show_when={**_KEPT, "other": ["only", "except"]}, required_when_shown=True
    )
    keep_files: bool = ui(True, title="Keep the item's files", kind=Kind.BOOLEAN, expression=False, group="options")
    keep_unconverted: bool = ui(
        False,
        title="Keep values that do not fit their type",
        kind=Kind.BOOLEAN,
        expression=False,
        help="As they are; off, they are an error.",
        show_when={"mode": ["fields"]},
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Sets fields of every item. A field is named by its path: `customer.name` sets `name` inside `customer`,
`items[0].name` (or `items.0.name`) that of the first entry of a list, `a["x.y"]` a field with a dot in its name. What
is missing on the way is made; a field that really is called `a.b` comes first.

*As JSON* takes an object. Expressions stand in its texts: `{"total": "{{ $json.price * 2 }}"}` keeps a number a
number, and a quote or a line break in a value breaks nothing. A text with expressions between JSON (`{"tags": {{
$json.tags }}}`) is read as JSON when they are filled in. Names in it are names as they are, without paths.

**Output.** One item for each input item: its fields with the new ones, or the new ones alone when *Keep the other
fields* is off; of the others all, only some, or all but some. Files of the item stay with it, unless that is switched
off.

**Text.** As JavaScript writes it: `1` for 1.0, `1e+21`, `true`; nothing for null; lists and objects become their
JSON.

**Errors.** `ValueMismatch` when a value cannot be made the type that was asked for (`abc` as a number), or a path
does not fit the item (`items.name` where `items` is a list, `items[-1]`), or what should be JSON is no object.
`ParameterInvalid`: a name of the other fields cannot be read.

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
