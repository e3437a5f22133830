"""The language model node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.models import (
    MEMORY_DOCS,
    MEMORY_ERRORS,
    MODEL_CREDENTIALS,
    MODEL_ERRORS,
    MODEL_ERRORS_DOCS,
    MODEL_RETRYABLE,
    FileRow,
    MemoryParams,
    ModelParams,
)
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text, result_field

_PROMPT = {"ask": ["prompt"]}
_JSON = {"output": ["json"]}


class StopRow(NodeParams):
    """A text that ends the answer."""

    text: Text = ui(..., title="Text", kind=Kind.TEXT, min_length=1, max_length=200)


class Asked(ModelParams):
    """What to ask, and whom."""

    ask: Literal["prompt", "messages"] = ui(
        "prompt",
        title="Ask",
        kind=Kind.SELECT,
        expression=False,
        options=[("prompt", "One prompt"), ("messages", "A conversation")],
    )
    prompt: Text = ui(
        "",
        title="Prompt",
        kind=Kind.MULTILINE,
        placeholder="Write a friendly answer to: {{ $json.message }}",
        show_when=_PROMPT,
        required_when_shown=True,
        max_length=2_000_000,
    )
    files: list[FileRow] = ui(
        ...,
        title="Pictures and files",
        kind=Kind.COLLECTION,
        help="Pictures (PNG, JPEG, GIF, WebP), PDF, and text files.",
        default_factory=list,
        max_length=20,
        show_when=_PROMPT,
    )
    messages: Any = ui(
        None,
        title="Messages",
        kind=Kind.JSON,
        placeholder='[{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}]',
        help="A list of role (user, assistant or system) and content, or an expression that gives it.",
        show_when={"ask": ["messages"]},
        required_when_shown=True,
    )
    system: Text = ui(
        "",
        title="System prompt",
        kind=Kind.MULTILINE,
        placeholder="You are a support agent. Answer in the language of the question.",
        max_length=1_000_000,
    )
    output: Literal["text", "json"] = ui(
        "text",
        title="Answer",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Text"), ("json", "JSON that keeps to a schema")],
    )
    json_schema: Any = ui(
        None,
        title="JSON schema",
        kind=Kind.JSON,
        placeholder='{"type": "object", "properties": {"verdict": {"enum": ["good", "bad"]}}, "required": ["verdict"]}',
        show_when=_JSON,
        required_when_shown=True,
    )
    output_field: str = result_field("answer")
    most_tokens: int | None = ui(
        None,
        title="Most tokens of an answer",
        kind=Kind.NUMBER,
        help="Empty: as many as the model gives (Anthropic: 4,096).",
        group="options",
        ge=1,
        le=1_000_000,
    )
    temperature: float | None = ui(
        None,
        title="Temperature",
        kind=Kind.NUMBER,
        help="0 is the most predictable. Empty: the provider's own; some models take no other.",
        group="options",
        ge=0,
        le=2,
    )
    top_p: float | None = ui(None, title="Top P", kind=Kind.NUMBER, group="options", gt=0, le=1)
    stop: list[StopRow] = ui(
        ...,
        title="Texts that end the answer",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=4,
        group="options",
    )
    repairs: int = ui(
        2,
        title="Repairs of wrong JSON",
        kind=Kind.NUMBER,
        expression=False,
        help="How often the model is told that its answer does not keep to the schema.",
        group="options",
        show_when=_JSON,
        ge=0,
        le=5,
    )


class Params(MemoryParams, Asked):
    """What to ask, whom, and what is remembered of it."""


DOCS = f"""\
Asks a language model once for each item, several at a time, and puts its answer into a field of the item. While it
answers, its words are shown at the run.

**Accounts.** OpenAI and every server that speaks its API (the credential's base URL says which), and Anthropic. *Model*
lists what the account has; any other name can be typed.

**Files.** Pictures and PDFs go to the model as they are, text files as text. Models that take none refuse them.

**JSON.** The answer keeps to the schema: by the provider's own way where it has one, else by a tool that the model must
use, else by words. It is checked here each time, and the model is told where it is wrong.

{MEMORY_DOCS.strip()}

**What it costs.** Tokens and money are counted at the node and the execution, failed attempts included. Of a model
whose price is not known, answers of unknown price are counted instead of money; *Settings*, *AI prices* has those that
are known, with source and date, and takes others.

**Output.** Each item with *Write to field*: text, or the JSON value. An answer that was cut at its most tokens is given
as it is, with a warning in the log; JSON that was cut is an error.

**Errors.** {MODEL_ERRORS_DOCS.strip()} `AnswerInvalid`: the answer does not keep to the schema after all repairs.
`SchemaInvalid`: the schema itself cannot be used. With memory: `MemorySessionInvalid`, `MemoryFull` (too many talks),
`StoreValueInvalid`.

**Example.** Prompt `Is this good or bad? {{{{ $json.review }}}}`, JSON schema `{{"type": "object", "properties":
{{"verdict": {{"enum": ["good", "bad"]}}}}, "required": ["verdict"], "additionalProperties": false}}`.
"""

SPEC = NodeSpec(
    type="language_model",
    name="Language model",
    category=Category.AI,
    icon="sparkles",
    summary="Asks a language model, and gives its answer as text or JSON.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    credentials=MODEL_CREDENTIALS,
    network=True,
    layers=("ai", "schemas"),
    timeout_seconds=300,
    memory_mb=512,
    errors=(*MODEL_ERRORS, *MEMORY_ERRORS, "AnswerInvalid", "SchemaInvalid"),
    retryable=MODEL_RETRYABLE,
    output_example=({"message": "Where is my parcel?", "answer": "It arrives on Friday."},),
)
