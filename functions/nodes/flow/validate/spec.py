"""The validate node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import result_field


class Params(NodeParams):
    """The schema, and what must fit it."""

    json_schema: Any = ui(
        ...,
        title="JSON schema",
        kind=Kind.JSON,
        placeholder='{"type": "object", "required": ["email"], "properties": {"email": {"type": "string"}}}',
    )
    data: Any = ui(
        None,
        title="What must fit it",
        kind=Kind.TEXT,
        placeholder="{{ $json.body }}",
        help="Empty: the item's fields.",
    )
    output_field: str = result_field("errors")
    draft: Literal["auto", "2020-12", "2019-09", "draft-07", "draft-06", "draft-04"] = ui(
        "auto",
        title="Draft",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "As $schema says, else 2020-12"),
            ("2020-12", "2020-12"),
            ("2019-09", "2019-09"),
            ("draft-07", "Draft 7"),
            ("draft-06", "Draft 6"),
            ("draft-04", "Draft 4"),
        ],
        group="options",
    )
    formats: bool = ui(
        True,
        title="Check formats",
        kind=Kind.BOOLEAN,
        expression=False,
        help="email, date-time, uri, uuid, ...",
        group="options",
    )
    most_errors: int = ui(
        20,
        title="Errors told of an item",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        ge=1,
        le=100,
    )


DOCS = """\
Checks each item against a JSON schema, draft 4 to 2020-12. What fits goes on unchanged; what does not goes out at
*Invalid*, with what is wrong with it.

`$ref` leads to places within the schema (`#/$defs/address`); others are never fetched. Patterns are matched in a time
that grows with the text alone, so they have no look-ahead and no back-references.

**Output.** On `valid` the items as they came. On `invalid` the items with a list in *Write to field*: `path`
(`lines[0].price`), `pointer` (`/lines/0/price`), `keyword` of the schema that failed, `message`.

**Errors.** `SchemaInvalid`: the schema is no schema, refers to another document, has a pattern that cannot be matched
so, has more than 1 MB, or its references multiply without end.

**Example.** `{"type": "object", "required": ["email"], "properties": {"email": {"type": "string", "format": "email"}}}`
behind a webhook; *Invalid* leads to an answer with status 422.
"""

SPEC = NodeSpec(
    type="validate",
    name="Validate",
    category=Category.FLOW,
    icon="list-checks",
    summary="Parts items that fit a JSON schema from those that do not.",
    docs=DOCS,
    params=Params,
    outputs=(Port("valid", "Valid"), Port("invalid", "Invalid")),
    layers=("schemas",),
    timeout_seconds=60,
    errors=("SchemaInvalid",),
    output_example=({"email": "ada@example.com"},),
)
