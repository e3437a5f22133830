"""The sort node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, dots_field

_BY_KEYS = {"mode": ["keys"]}


class SortKey(NodeParams):
    """What items are compared by."""

    by: Literal["field", "value"] = ui(
        "field",
        title="Sort by",
        kind=Kind.SELECT,
        expression=False,
        options=[("field", "A field"), ("value", "A value for each item")],
    )
    field: Text = ui(
        "",
        title="Field",
        kind=Kind.TEXT,
        placeholder="customer.name",
        show_when={"by": ["field"]},
        required_when_shown=True,
        max_length=500,
    )
    value: Any = ui(
        None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.tags.length }}", show_when={"by": ["value"]}
    )
    direction: Literal["ascending", "descending"] = ui(
        "ascending",
        title="Direction",
        kind=Kind.SELECT,
        expression=False,
        options=[("ascending", "Smallest first"), ("descending", "Largest first")],
    )
    compare: Literal["auto", "text", "natural", "number", "date"] = ui(
        "auto",
        title="Compare as",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "What it is"),
            ("text", "Text"),
            ("natural", "Text with numbers (file 2 before file 10)"),
            ("number", "Number"),
            ("date", "Date and time"),
        ],
    )


class Params(NodeParams):
    """The order."""

    mode: Literal["keys", "random"] = ui(
        "keys",
        title="Order",
        kind=Kind.SELECT,
        expression=False,
        options=[("keys", "By fields or values"), ("random", "Random")],
    )
    keys: list[SortKey] = ui(
        ...,
        title="Sort keys",
        kind=Kind.COLLECTION,
        help="Items that are equal by the first are sorted by the second, and so on.",
        show_when=_BY_KEYS,
        required_when_shown=True,
        default_factory=list,
        max_length=20,
    )
    empty: Literal["last", "first"] = ui(
        "last",
        title="Empty values",
        kind=Kind.SELECT,
        expression=False,
        options=[("last", "Last, whatever the direction"), ("first", "First, whatever the direction")],
        show_when=_BY_KEYS,
        group="options",
    )
    unreadable: Literal["fail", "empty"] = ui(
        "fail",
        title="Values that are no number or date",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "End with an error"), ("empty", "Count as empty")],
        help="Of keys that are compared as numbers or dates.",
        show_when=_BY_KEYS,
        group="options",
    )
    ignore_case: bool = ui(
        True,
        title="Ignore upper and lower case",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_BY_KEYS,
        group="options",
    )
    dots: bool = dots_field()
    seed: Text = ui(
        "",
        title="Seed",
        kind=Kind.TEXT,
        help="The same seed gives the same random order; empty for another one each time.",
        show_when={"mode": ["random"]},
        group="options",
        max_length=200,
    )


DOCS = """\
Puts items in order, by one key or several: items that are equal by the first are sorted by the second, and so on.
Items that are equal by all of them stay as they came, in either direction. A key is a field, or a value that an
expression gives for each item.

**Compare as.** *What it is* orders any mixture, from small to large: false, true, numbers, text, lists, objects. Text
is compared letter by letter, without regard to case unless that is switched off; `10` as text stands before `9`.
*Text with numbers* reads digits in text as numbers and leaves accents out (`file 2`, `file 10`; `é` is at `e`).
*Number* reads text that is a number, *Date and time* reads dates as [conditions](if.md) do, in the workflow's time
zone. A field that is null or missing is empty; for numbers and dates, so is text of white space alone. One
that no item has is a warning in the log.

**Output.** All items, with their files.

**Errors.** `ValueMismatch`: a value is no number or date where one is compared; it names the item.
`ParameterInvalid`: no sort key, or a field's name that cannot be read.

**Example.** Keys `country` and, largest first, `total` compared as *Number*. For an order of your own, write a value:
`{{ ["high", "medium", "low"].indexOf($json.priority) }}`. What needs a comparison of two items is for the *Code*
node: `return $input.all().sort((a, b) => ...)`.
"""

SPEC = NodeSpec(
    type="sort",
    name="Sort",
    category=Category.DATA,
    icon="arrow-down-a-z",
    summary="Puts items in order by their fields.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"country": "DE", "total": 120.5},),
)
