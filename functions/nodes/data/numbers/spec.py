"""The numbers node as a value."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

_OF_ONE: Final = ["round", "format", "calculate", "clamp"]


class Params(NodeParams):
    """What to do with which number."""

    operation: Literal["round", "calculate", "format", "parse", "clamp", "random"] = ui(
        "round",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("round", "Round"),
            ("calculate", "Calculate"),
            ("format", "Format"),
            ("parse", "Read from text"),
            ("clamp", "Keep within bounds"),
            ("random", "Random number"),
        ],
    )
    number: Any = ui(
        None,
        title="Number",
        kind=Kind.NUMBER,
        placeholder="{{ $json.price }}",
        show_when={"operation": _OF_ONE},
        required_when_shown=True,
    )
    text: Text = ui(
        "",
        title="Text",
        kind=Kind.TEXT,
        placeholder="1.234,56 €",
        show_when={"operation": ["parse"]},
        required_when_shown=True,
        max_length=1000,
    )
    calculation: Literal["add", "subtract", "multiply", "divide", "remainder", "power", "percent"] = ui(
        "add",
        title="Calculation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("add", "+"),
            ("subtract", "−"),
            ("multiply", "×"),
            ("divide", "÷"),
            ("remainder", "Remainder of the division"),
            ("power", "To the power of"),
            ("percent", "So many percent of it"),
        ],
        show_when={"operation": ["calculate"]},
    )
    other: Any = ui(
        None,
        title="With",
        kind=Kind.NUMBER,
        show_when={"operation": ["calculate"]},
        required_when_shown=True,
    )
    decimals: int = ui(
        2,
        title="Decimals",
        kind=Kind.NUMBER,
        help="Negative rounds to tens, hundreds.",
        show_when={"operation": ["round"]},
        ge=-20,
        le=20,
    )
    rounding: Literal["halfUp", "halfEven", "halfDown", "up", "down", "ceiling", "floor"] = ui(
        "halfUp",
        title="Rounding",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("halfUp", "Half away from zero: 2.5 is 3"),
            ("halfEven", "Half to even: 2.5 is 2, 3.5 is 4"),
            ("halfDown", "Half towards zero: 2.5 is 2"),
            ("up", "Away from zero"),
            ("down", "Towards zero"),
            ("ceiling", "Up"),
            ("floor", "Down"),
        ],
        show_when={"operation": ["round"]},
    )
    style: Literal["decimal", "percent", "currency", "scientific", "compact", "pattern"] = ui(
        "decimal",
        title="Style",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("decimal", "Decimal: 1,234.5"),
            ("percent", "Percent: 0.5 is 50%"),
            ("currency", "Currency: €1,234.50"),
            ("scientific", "Scientific: 1.2345E3"),
            ("compact", "Compact: 1K"),
            ("pattern", "A pattern"),
        ],
        show_when={"operation": ["format"]},
    )
    currency: Text = ui(
        "EUR",
        title="Currency",
        kind=Kind.TEXT,
        help="Three letters (ISO 4217).",
        show_when={"operation": ["format"], "style": ["currency"]},
        pattern="^[A-Z]{3}$",
    )
    pattern: Text = ui(
        "#,##0.00",
        title="Pattern",
        kind=Kind.TEXT,
        help="Of Unicode (CLDR): # and 0 are digits, comma and point stand for the language's.",
        show_when={"operation": ["format"], "style": ["pattern"]},
        min_length=1,
        max_length=100,
    )
    locale: Text = ui(
        "en",
        title="Language",
        kind=Kind.TEXT,
        placeholder="de, en-GB, pt-BR",
        show_when={"operation": ["format", "parse"]},
        min_length=1,
        max_length=40,
    )
    lowest: Any = ui(
        None,
        title="At least",
        kind=Kind.NUMBER,
        show_when={"operation": ["clamp", "random"]},
    )
    highest: Any = ui(
        None,
        title="At most",
        kind=Kind.NUMBER,
        show_when={"operation": ["clamp", "random"]},
    )
    places: int = ui(
        0,
        title="Decimals of it",
        kind=Kind.NUMBER,
        show_when={"operation": ["random"]},
        ge=0,
        le=15,
    )
    output_field: str = result_field("number")
    as_text: bool = ui(
        False,
        title="Give the number as text",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Keeps every digit, and zeros at the end: 2.50.",
        show_when={"operation": ["round", "calculate", "parse", "clamp", "random"]},
        group="options",
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Works on one number for each item, in exact decimals of 50 digits: 0.1 and 0.2 are 0.3, and 1.005 rounds to 1.01.

**Numbers** are JSON's, or text with such a number. Text as people of a language write it (`1.234,56 €`, `1 234,5`,
`(12)`, `−5`) is read with *Read from text*; groups must stand where they belong, so `1.5` is no German number.

**Output.** The item with the result in *Write to field*: a number, or text where that is asked for; of *Format* text.

**Errors.** `NumberInvalid`: a value is no number, a division is by zero, a result is beyond all measure, or language,
currency or pattern are none.

**Example.** *Round* `{{ $json.net * 1.19 }}` to 2 decimals, half to even.
"""

SPEC = NodeSpec(
    type="numbers",
    name="Numbers",
    category=Category.DATA,
    icon="calculator",
    summary="Rounds, calculates, formats and reads numbers, exactly.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    layers=("locales",),
    subtitle="{operation}",
    timeout_seconds=30,
    errors=("NumberInvalid",),
    output_example=({"number": 12.35},),
)
