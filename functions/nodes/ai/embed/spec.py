"""The embed node as a value."""

from stepweave.spec.fields import Kind, ui
from stepweave.spec.models import (
    EMBED_CREDENTIALS,
    SERVICE_ERRORS,
    SERVICE_ERRORS_DOCS,
    SERVICE_RETRYABLE,
    ServiceParams,
    service_account_field,
    service_model_field,
)
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text, result_field


class Params(ServiceParams):
    """What is embedded, and how."""

    credential: str = service_account_field(EMBED_CREDENTIALS)
    model: str = service_model_field("text-embedding-3-small")
    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.title }}\n{{ $json.body }}",
        max_length=1_000_000,
    )
    output_field: str = result_field("embedding")
    dimensions: int | None = ui(
        None,
        title="Dimensions",
        kind=Kind.NUMBER,
        expression=False,
        help="How many numbers a vector has. Empty: as many as the model gives; some models take no other.",
        group="options",
        ge=1,
        le=100_000,
    )
    batch: int = ui(
        100,
        title="Texts of a request",
        kind=Kind.NUMBER,
        expression=False,
        help="OpenAI takes up to 2,048, of 300,000 tokens together; other servers take fewer.",
        group="options",
        ge=1,
        le=2048,
    )


DOCS = f"""\
Turns the text of each item into a vector: a list of numbers, near to those of texts that mean the like. Keep them in a
database that finds near vectors, or compare them yourself.

With *Amazon Bedrock* the models of Amazon Titan Text Embeddings and of Cohere Embed are asked; Titan takes one text at
a time.

Many texts go with one request (options), and each item still fails and is tried again on its own: where a request is
refused for what is in it, its texts are asked for one by one.

**Output.** Each item with *Write to field*, the vector. A text that is empty has none: `null`, and nobody is asked.

**Errors.** {SERVICE_ERRORS_DOCS.strip()}

**Example.** Text `{{{{ $json.question }}}}`, then a *Database* node that looks for `ORDER BY embedding <=> $1 LIMIT 5`.
"""

SPEC = NodeSpec(
    type="embed",
    name="Embed",
    category=Category.AI,
    icon="waypoints",
    summary="Turns texts into vectors that are near where the texts mean the like.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    credentials=EMBED_CREDENTIALS,
    network=True,
    uses_store=True,
    layers=("ai",),
    timeout_seconds=300,
    memory_mb=512,
    errors=SERVICE_ERRORS,
    retryable=SERVICE_RETRYABLE,
    output_example=({"question": "Where is my parcel?", "embedding": [0.0123, -0.0456, 0.0789]},),
)
