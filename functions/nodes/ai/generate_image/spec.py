"""The generate image node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.models import (
    SERVICE_CREDENTIALS,
    SERVICE_ERRORS,
    SERVICE_ERRORS_DOCS,
    SERVICE_RETRYABLE,
    ServiceParams,
    service_model_field,
)
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(ServiceParams):
    """What is drawn, and how."""

    model: str = service_model_field("gpt-image-1")
    prompt: Text = ui(
        ...,
        title="Prompt",
        kind=Kind.MULTILINE,
        placeholder="A watercolour of {{ $json.product }} on a wooden table, seen from above",
        min_length=1,
        max_length=32_000,
    )
    size: Text = ui(
        "",
        title="Size",
        kind=Kind.TEXT,
        placeholder="1024x1024",
        help="Width and height in pixels: 1024x1024, 1536x1024 or 1024x1536 for most. Empty: the model's own.",
        pattern=r"^([0-9]{2,5}x[0-9]{2,5})?$",
        max_length=11,
    )
    quality: Literal["", "low", "medium", "high", "standard", "hd"] = ui(
        "",
        title="Quality",
        kind=Kind.SELECT,
        options=[
            ("", "The model's own"),
            ("low", "Low"),
            ("medium", "Medium"),
            ("high", "High"),
            ("standard", "Standard (DALL-E)"),
            ("hd", "HD (DALL-E)"),
        ],
    )
    count: int = ui(1, title="Pictures", kind=Kind.NUMBER, help="Of each item.", ge=1, le=10)
    file_name: Text = ui(
        "image",
        title="Name of the file",
        kind=Kind.TEXT,
        expression=False,
        help="In the item. Further pictures are called image_2, image_3, ...",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]+$",
    )
    format: Literal["", "png", "jpeg", "webp"] = ui(
        "",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "The model's own"), ("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WebP")],
        group="options",
    )
    background: Literal["", "transparent", "opaque"] = ui(
        "",
        title="Background",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "The model's own"), ("transparent", "Transparent"), ("opaque", "Opaque")],
        group="options",
    )


DOCS = f"""\
Has a model draw a picture of what the prompt says, once or several times for each item. The pictures become files of
the item.

Settings that are left empty are not sent: models differ in what they take, and say what they do not.

**Output.** Each item with its pictures as files, under *Name of the file*. A model that rewrote the prompt says so in
`revisedPrompt`.

**Errors.** {SERVICE_ERRORS_DOCS.strip()} `DataTooLarge`: a picture has more than 50 MB.

**Example.** Prompt `A poster for {{{{ $json.event }}}}`, size `1024x1536`, then *Email* with the file `image`.
"""

SPEC = NodeSpec(
    type="generate_image",
    name="Generate image",
    category=Category.AI,
    icon="image-plus",
    summary="Draws pictures of what a prompt says.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    credentials=SERVICE_CREDENTIALS,
    network=True,
    uses_store=True,
    layers=("ai",),
    timeout_seconds=300,
    memory_mb=512,
    errors=SERVICE_ERRORS,
    retryable=SERVICE_RETRYABLE,
    output_example=({"event": "Summer party"},),
)
