"""The classify node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.models import (
    MODEL_CREDENTIALS,
    MODEL_ERRORS,
    MODEL_ERRORS_DOCS,
    MODEL_RETRYABLE,
    ModelParams,
)
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import Text


class Class(NodeParams):
    """One class: its output, and what belongs to it."""

    output: str = ui(
        ...,
        title="Class",
        kind=Kind.PORT,
        expression=False,
        placeholder="complaint",
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
    )
    description: Text = ui(
        "",
        title="What belongs to it",
        kind=Kind.TEXT,
        expression=False,
        placeholder="The customer is unhappy and wants something done.",
        max_length=2000,
    )


class Params(ModelParams):
    """What is classified, and by whom."""

    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.message }}",
        min_length=1,
        max_length=1_000_000,
    )
    classes: list[Class] = ui(
        ...,
        title="Classes",
        kind=Kind.COLLECTION,
        default_factory=list,
        min_length=1,
        max_length=50,
    )
    several: bool = ui(
        False,
        title="An item may belong to several classes",
        kind=Kind.BOOLEAN,
        expression=False,
    )
    otherwise: Literal["other", "none"] = ui(
        "other",
        title="Items of no class",
        kind=Kind.SELECT,
        expression=False,
        options=[("other", "Go to the output other"), ("none", "Are left out")],
    )
    hints: Text = ui(
        "",
        title="Hints for the model",
        kind=Kind.MULTILINE,
        placeholder="Messages in capitals are not complaints by that alone.",
        group="options",
        max_length=100_000,
    )
    repairs: int = ui(
        2,
        title="Repairs of wrong answers",
        kind=Kind.NUMBER,
        expression=False,
        help="How often the model is told that its answer is none of the classes.",
        group="options",
        ge=0,
        le=5,
    )


DOCS = f"""\
Asks a model which class the text of each item belongs to. Each class is an output of the node; say in a sentence what
belongs to it, as you would to a colleague.

The model answers with the names of classes and nothing else, which is checked; what stands in the text cannot make it
answer otherwise, though it may make it choose another class.

**Output.** Every input item, unchanged, at its class; with *several classes*, at each of them once. Items of no class
go to `other`, or are left out.

**Errors.** {MODEL_ERRORS_DOCS.strip()} `AnswerInvalid`: the answer is none of the classes after all repairs.
`SchemaInvalid`: the classes are too many to be checked.

**Example.** Text `{{{{ $json.message }}}}`, classes `complaint` (*is unhappy and wants something done*), `question`
(*wants to know something*).
"""

SPEC = NodeSpec(
    type="classify",
    name="Classify",
    category=Category.AI,
    icon="tags",
    summary="Sends each item to the class that a language model finds it in.",
    docs=DOCS,
    params=Params,
    outputs=(Port("other", label="Other", show_when=({"otherwise": ["other"]},)),),
    outputs_from=("classes",),
    subtitle="{model}",
    credentials=MODEL_CREDENTIALS,
    network=True,
    layers=("ai", "schemas"),
    timeout_seconds=300,
    memory_mb=512,
    errors=(*MODEL_ERRORS, "AnswerInvalid", "SchemaInvalid"),
    retryable=MODEL_RETRYABLE,
    output_example=({"message": "Where is my parcel?"},),
)
