"""The transcribe node as a value."""

from typing import Any, Literal

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
from stepweave.spec.parts import Text, result_field


class Params(ServiceParams):
    """Which recording, and what is wanted of it."""

    model: str = service_model_field("whisper-1")
    file: Any = ui(
        "data",
        title="Recording",
        kind=Kind.TEXT,
        help="The name of the item's file (data), or an expression that gives it: {{ $binary.data }}.",
    )
    output: Literal["text", "segments", "srt"] = ui(
        "text",
        title="Give",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "The text"),
            ("segments", "Text, language and segments with times"),
            ("srt", "Subtitles (SRT)"),
        ],
    )
    language: Text = ui(
        "",
        title="Language",
        kind=Kind.TEXT,
        placeholder="en",
        help="Two letters (ISO 639-1), where you know it: it makes the text better. Empty: found out.",
        pattern=r"^([a-z]{2,3})?$",
        max_length=3,
    )
    output_field: str = result_field("transcript")
    prompt: Text = ui(
        "",
        title="Words that come in it",
        kind=Kind.MULTILINE,
        placeholder="Stepweave, Kubernetes, Dr. Őze",
        help="Names and terms, as they are to be written.",
        group="options",
        max_length=10_000,
    )
    temperature: float | None = ui(
        None,
        title="Temperature",
        kind=Kind.NUMBER,
        help="0 is the most predictable. Empty: the provider's own.",
        group="options",
        ge=0,
        le=1,
    )


DOCS = f"""\
Writes down what is said in a recording: the audio or video file of each item (MP3, MP4, M4A, OGG, WAV, WebM, FLAC), up
to 25 MB. Cut or compress longer ones first.

Times come of models that tell them: `whisper-1` does, and what speaks its API; `gpt-4o-transcribe` gives text alone,
and says so.

**Output.** Each item with *Write to field*: the text; or `text`, `language`, `seconds` and `segments`, each with
`start` and `end` in seconds and its `text`; or subtitles as the text of an SRT file.

**Errors.** {SERVICE_ERRORS_DOCS.strip()} `DataTooLarge`: the file has more than 25 MB.

**Example.** A voice message of a form or a mail, *The text*, then *Classify*.
"""

SPEC = NodeSpec(
    type="transcribe",
    name="Transcribe",
    category=Category.AI,
    icon="audio-lines",
    summary="Writes down what is said in a recording.",
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
    output_example=({"transcript": "Hello, this is Ada. Please call me back."},),
)
