"""The summarize texts node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.models import (
    MODEL_CREDENTIALS,
    MODEL_ERRORS,
    MODEL_ERRORS_DOCS,
    MODEL_RETRYABLE,
    ModelParams,
)
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text, result_field


class Params(ModelParams):
    """What is summarised, how, and by whom."""

    of: Literal["each", "all"] = ui(
        "each",
        title="Summarize",
        kind=Kind.SELECT,
        expression=False,
        options=[("each", "Each item's text"), ("all", "All texts together")],
    )
    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.message }}",
        max_length=20_000_000,
    )
    style: Literal["paragraph", "bullets", "sentence"] = ui(
        "paragraph",
        title="As",
        kind=Kind.SELECT,
        expression=False,
        options=[("paragraph", "A paragraph"), ("bullets", "Bullet points"), ("sentence", "One sentence")],
    )
    words: int = ui(
        120,
        title="Words, about",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"style": ["paragraph", "bullets"]},
        ge=10,
        le=5000,
    )
    hints: Text = ui(
        "",
        title="Hints for the model",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="Write in German. Names and amounts matter most.",
        max_length=100_000,
    )
    output_field: str = result_field("summary")
    part_length: int = ui(
        40_000,
        title="Characters of a part",
        kind=Kind.NUMBER,
        expression=False,
        help="A longer text is read in parts of this length, and their summaries are summarized.",
        group="options",
        ge=1000,
        le=2_000_000,
    )


DOCS = f"""\
Has a model say in short what a text says: the text of each item, or the texts of all items together.

A text longer than *Characters of a part* is read in parts, which end between paragraphs, lines or words where they can;
the summaries of the parts are summarized in turn, until one part holds them all. So a book or a thousand mails can be
summarized by a model with a small context; each part is a request.

**Output.** Each item with the summary in *Write to field*; of all texts together one item that has nothing else. An
empty text has an empty summary, and nobody is asked.

**Errors.** {MODEL_ERRORS_DOCS.strip()} `AnswerInvalid`: the summaries of the parts are not shorter than the parts.

**Example.** Text `{{{{ $json.message }}}}`, *All texts together*, *Bullet points*: what customers wrote this week.
"""

SPEC = NodeSpec(
    type="summarize_texts",
    name="Summarize texts",
    category=Category.AI,
    icon="scroll-text",
    summary="Says in short what texts say, with a language model.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    credentials=MODEL_CREDENTIALS,
    network=True,
    layers=("ai", "schemas"),
    timeout_seconds=300,
    memory_mb=512,
    errors=(*MODEL_ERRORS, "AnswerInvalid"),
    retryable=MODEL_RETRYABLE,
    output_example=({"summary": "Most ask where their parcel is; two praise the fish."},),
)
