"""The remove-duplicates node as a value."""

from typing import Annotated, Literal

from pydantic import WithJsonSchema

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldNames, dots_field, ignore_case_field, loose_field, names_field

Mode = Annotated[Literal["input"], WithJsonSchema({"type": "string", "enum": ["input"]})]
"""What items are compared with; a schema of one choice would be a `const`, which forms do not know."""


class Params(NodeParams):
    """Which items are the same, and which of them stays."""

    mode: Mode = ui(
        "input",
        title="Remove items that",
        kind=Kind.SELECT,
        expression=False,
        options=[("input", "Are in the input more than once")],
    )
    compare: Literal["all", "except", "only"] = ui(
        "all",
        title="Compare",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All fields"), ("except", "All fields but these"), ("only", "Only these fields")],
    )
    fields: FieldNames = names_field(
        "Which fields", show_when={"compare": ["except", "only"]}, required_when_shown=True
    )
    keep: Literal["first", "last"] = ui(
        "first",
        title="Keep",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "The first of them"), ("last", "The last of them")],
    )
    without_fields: Literal["same", "keep"] = ui(
        "same",
        title="Items that have none of these fields",
        kind=Kind.SELECT,
        expression=False,
        options=[("same", "Are the same"), ("keep", "Are all kept")],
        show_when={"compare": ["only"]},
        group="options",
    )
    loose: bool = loose_field()
    ignore_case: bool = ignore_case_field()
    compare_files: bool = ui(
        False,
        title="Compare the files, too",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Items with different files are different.",
        group="options",
    )
    only_compared: bool = ui(
        False,
        title="Remove the other fields",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Items have only what was compared.",
        show_when={"compare": ["except", "only"]},
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Keeps one of the items that are the same: by all fields, all but some, or some. Types count: `1` is `1.0`, the text
`1` is another value, true is not 1; the order of an object's fields does not count, that of a list's entries does. A
missing field is the same as another missing one, not as null. *Compare loosely* takes text that is a number as one,
`true` as text as true, leaves out white space around text, and takes null, empty text, empty lists and missing fields
as the same.

**Output.** *Kept* has one of each, in the order of the input, as they came with their files; *Duplicates* has the
others.

**Errors.** `ParameterInvalid`: no field is named, no item has a field that is, or a name cannot be read.
`ValueMismatch`: names of which one lies in the other, where other fields are removed.

**Example.** Compare only `email`, ignoring case, keeping the last: the latest row of each address.
"""

SPEC = NodeSpec(
    type="remove_duplicates",
    name="Remove duplicates",
    category=Category.DATA,
    icon="copy-minus",
    summary="Keeps one of the items that are the same.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", "Kept"), Port("duplicates", "Duplicates")),
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"email": "ada@example.com", "plan": "pro"},),
)
