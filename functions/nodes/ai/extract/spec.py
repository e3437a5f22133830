"""The extract node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.models import (
    MODEL_CREDENTIALS,
    MODEL_ERRORS,
    MODEL_ERRORS_DOCS,
    MODEL_RETRYABLE,
    ModelParams,
)
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text, result_field

_FIELDS = {"by": ["fields"]}


class Field(NodeParams):
    """One field that is read out of the text."""

    name: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orderNumber",
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
    )
    type: Literal["text", "number", "integer", "boolean", "date", "texts", "numbers"] = ui(
        "text",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "Text"),
            ("number", "Number"),
            ("integer", "Whole number"),
            ("boolean", "Yes or no"),
            ("date", "Date (2026-11-30)"),
            ("texts", "List of texts"),
            ("numbers", "List of numbers"),
        ],
    )
    description: Text = ui(
        "",
        title="What it is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="The number of the order, as it stands in the text.",
        max_length=2000,
    )
    needed: bool = ui(
        False,
        title="Must be in the text",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Else it is null where the text does not say it.",
    )


class Params(ModelParams):
    """What is read, and by whom."""

    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.message }}",
        min_length=1,
        max_length=1_000_000,
    )
    by: Literal["fields", "schema"] = ui(
        "fields",
        title="What to read",
        kind=Kind.SELECT,
        expression=False,
        options=[("fields", "Fields"), ("schema", "What a JSON schema says")],
    )
    fields: list[Field] = ui(
        ...,
        title="Fields",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=100,
        show_when=_FIELDS,
        required_when_shown=True,
    )
    json_schema: Any = ui(
        None,
        title="JSON schema",
        kind=Kind.JSON,
        placeholder='{"type": "object", "properties": {"lines": {"type": "array", "items": {"type": "string"}}}}',
        show_when={"by": ["schema"]},
        required_when_shown=True,
    )
    output_field: str = result_field("extracted")
    hints: Text = ui(
        "",
        title="Hints for the model",
        kind=Kind.MULTILINE,
        placeholder="Amounts are in euros. A comma parts the cents.",
        group="options",
        max_length=100_000,
    )
    repairs: int = ui(
        2,
        title="Repairs of wrong answers",
        kind=Kind.NUMBER,
        expression=False,
        help="How often the model is told where its answer does not fit.",
        group="options",
        ge=0,
        le=5,
    )


DOCS = f"""\
Has a model read fields out of the text of each item: an order number of a mail, names of a contract, the lines of an
invoice.

The model is told to take what stands in the text and nothing else; a field that the text does not say is null. What
comes is checked against the fields' types (or the schema), and the model is told where it is wrong. What stands in the
text cannot change which fields there are.

**Output.** Each item with an object in *Write to field*, which has all the fields.

**Errors.** {MODEL_ERRORS_DOCS.strip()} `AnswerInvalid`: the answer does not fit after all repairs: a field that must be
in the text is not, say. `SchemaInvalid`: the schema itself cannot be used.

**Example.** Text `{{{{ $json.message }}}}`, fields `orderNumber` (text) and `items` (list of texts).
"""

SPEC = NodeSpec(
    type="extract",
    name="Extract",
    category=Category.AI,
    icon="text-search",
    summary="Reads fields out of texts with a language model.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    credentials=MODEL_CREDENTIALS,
    network=True,
    layers=("ai", "schemas"),
    timeout_seconds=300,
    memory_mb=512,
    errors=(*MODEL_ERRORS, "AnswerInvalid", "SchemaInvalid"),
    retryable=MODEL_RETRYABLE,
    output_example=({"message": "Order 4711 has not come.", "extracted": {"orderNumber": "4711"}},),
)
