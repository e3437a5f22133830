"""The moderate node as a value."""

from stepweave.spec.fields import Kind, ui
from stepweave.spec.models import (
    SERVICE_CREDENTIALS,
    SERVICE_ERRORS,
    SERVICE_ERRORS_DOCS,
    SERVICE_RETRYABLE,
    ServiceParams,
    service_model_field,
)
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import Text, result_field


class Params(ServiceParams):
    """What is looked at, and how strictly."""

    model: str = service_model_field("omni-moderation-latest")
    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.message }}",
        max_length=1_000_000,
    )
    output_field: str = result_field("moderation")
    threshold: float | None = ui(
        None,
        title="Flag from a score of",
        kind=Kind.NUMBER,
        help="0.5, say: any category that reaches it flags the text. Empty: as the provider judges.",
        group="options",
        ge=0,
        le=1,
    )


DOCS = f"""\
Asks a provider whether the text of each item is harmful: hate, harassment, violence, self-harm, sexual content and the
like. What is goes to *Flagged*, all else to *Clean*. An empty text is clean, and nobody is asked.

OpenAI moderates for nothing, and some servers that speak its API do. Anthropic and Amazon Bedrock have no such service:
sort with *Classify* there, with a class for each thing that you do not want.

**Output.** Each item with *Write to field*: `flagged`, `categories` (the names of those that were found), and `scores`,
from 0 to 1 for each category.

**Errors.** {SERVICE_ERRORS_DOCS.strip()}

**Example.** Text `{{{{ $json.comment }}}}`: comments at *Clean* are published, those at *Flagged* wait for a person.
"""

SPEC = NodeSpec(
    type="moderate",
    name="Moderate",
    category=Category.AI,
    icon="shield-alert",
    summary="Tells harmful texts from others.",
    docs=DOCS,
    params=Params,
    outputs=(Port("flagged", label="Flagged"), Port("clean", label="Clean")),
    subtitle="{model}",
    credentials=SERVICE_CREDENTIALS,
    network=True,
    uses_store=True,
    layers=("ai",),
    timeout_seconds=300,
    memory_mb=512,
    errors=SERVICE_ERRORS,
    retryable=SERVICE_RETRYABLE,
    output_example=(
        {
            "comment": "I will find you.",
            "moderation": {
                "flagged": True,
                "categories": ["harassment/threatening"],
                "scores": {"harassment/threatening": 0.91, "hate": 0.02},
            },
        },
    ),
)
