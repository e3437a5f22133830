"""The AI agent node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, ui
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
from stepweave.spec.node import Category, NodeSpec, Phase, Port
from stepweave.spec.parts import Text, result_field

_JSON = {"output": ["json"]}


class Asked(ModelParams):
    """What it is to do, and how far it may go."""

    prompt: Text = ui(
        ...,
        title="What to do",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.chatInput }}",
        help="In a chat: {{ $json.chatInput }}.",
        min_length=1,
        max_length=2_000_000,
    )
    files: list[FileRow] = ui(
        ...,
        title="Pictures and files",
        kind=Kind.COLLECTION,
        help="Pictures (PNG, JPEG, GIF, WebP), PDF, and text files.",
        default_factory=list,
        max_length=20,
    )
    system: Text = ui(
        "",
        title="System prompt",
        kind=Kind.MULTILINE,
        placeholder="You are a support agent. Look things up before you answer.",
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
        placeholder='{"type": "object", "properties": {"refund": {"type": "boolean"}}, "required": ["refund"]}',
        show_when=_JSON,
        required_when_shown=True,
    )
    output_field: str = result_field("answer")
    most_turns: int = ui(
        10,
        title="Most turns",
        kind=Kind.NUMBER,
        expression=False,
        help="A turn is one answer of the model: the tools that it calls, or its answer.",
        ge=1,
        le=100,
    )
    on_limit: Literal["fail", "answer", "ask"] = ui(
        "fail",
        title="At a limit",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("answer", "Answer with what there is"), ("ask", "Ask a person")],
        help="Of turns and time; the second also of tokens and money. A person may let it go on for as long again.",
    )
    most_seconds: float | None = ui(
        None,
        title="Most seconds of a run",
        kind=Kind.NUMBER,
        expression=False,
        help="From the first turn to the last. Time in which a person is asked does not count.",
        group="options",
        gt=0,
        le=31_536_000,
    )
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
    most_result: int = ui(
        50_000,
        title="Most characters of a tool's result",
        kind=Kind.NUMBER,
        expression=False,
        help="What is longer is cut, and the model is told so.",
        group="options",
        ge=100,
        le=2_000_000,
    )
    steps: bool = ui(
        False,
        title="Add what it did",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The calls and their results go into the item's field `steps`.",
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
    """All of its parameters: how it remembers comes behind what it is to do."""


DOCS = f"""\
A model that works with tools until it has an answer. Each node that the port `tools` leads to begins a tool: an app's
operation, an HTTP request, a called workflow, or several nodes one after another, whose last ones give the result. Each
item is a talk of its own; they go on side by side.

**Tools.** The model is told a tool's name (the node's), its description (under *Tool* in the node's settings; else what
the node type does) and its arguments. Arguments are what the tool's nodes ask for in their fields with
`{{{{ $fromAI('city', 'The city to look up') }}}}`; as third and fourth come a type (`string`, `number`, `boolean`,
`json`) and a default. The tool's first node gets the arguments as its item, too. All else of a tool is as it was drawn:
nothing that a model says changes which server is asked, with which account, or what a field without `$fromAI` holds.

**Each turn and each call is a step of its own**: recorded, retried by its own settings, and watched live. The calls of
one turn run at the same time, 16 at once. A call that fails is told to the model, which may try otherwise, unless
*Tool* says that the agent fails then. A tool may wait, for days too: nothing runs meanwhile.

**Approval.** A tool that *needs approval* waits until a person allows the call, with its arguments as they are or
changed, or refuses it with a reason that the model is told. A decision counts once. Nothing is called before it.

**Goes on where it failed.** An execution that goes on from a failed one continues each talk after its last whole turn,
on a corrected workflow too; what was answered before is neither asked nor paid again.

**Limits.** *Most turns*; among the options time, and tokens and money of the whole run. At a limit the agent fails with
`AgentLimit` or `SpendingLimit`, or answers with what there is: with its last turn it is told to answer now. Or it
waits, a week at most, for a person who lets it go on for as many turns and seconds again, or does not. A call that
is made a third time with the same arguments is not run again, the model is told so; at the sixth the agent fails with
`AgentStuck`.

{MEMORY_DOCS}
**Output.** Each item with *Write to field*: the text, or the JSON value. With *Add what it did*, `steps` is a list of
`tool`, `arguments`, `result` or `error`, and `decidedBy` where a person was asked.

**Errors.** {MODEL_ERRORS_DOCS.strip()} `AgentLimit`: it had no answer within its turns or its time. `AgentStuck`: it
made the same call again and again. `AnswerInvalid`: the answer does not keep to the schema after all repairs.
`SchemaInvalid`: the schema itself, or that of a tool's arguments, cannot be used. With memory: `MemorySessionInvalid`,
`MemoryFull` (too many talks), `StoreValueInvalid` (a turn is too large); `StoreUnavailable` is retried.

**Example.** *What to do*: `{{{{ $json.question }}}}`. Behind `tools`: an *HTTP request* named *Weather* with the URL
`https://wttr.in/{{{{ $fromAI('city', 'The city') }}}}?format=j1`, and an *Execute workflow* named *Refund* that needs
approval.
"""

SPEC = NodeSpec(
    type="agent",
    name="AI agent",
    category=Category.AI,
    icon="bot",
    summary="A model that works with tools until it has an answer.",
    docs=DOCS,
    params=Params,
    subtitle="{model}",
    outputs=(Port("main", "Answer"), Port("tools", "Tools", below=True)),
    control="agent",
    phases=(Phase("enter", begins=True, read_on=True), Phase("turn", read_on=True), Phase("approve", read_on=True)),
    credentials=MODEL_CREDENTIALS,
    network=True,
    uses_store=True,
    layers=("ai", "schemas"),
    timeout_seconds=300,
    memory_mb=512,
    errors=(*MODEL_ERRORS, *MEMORY_ERRORS, "AgentLimit", "AgentStuck", "AnswerInvalid", "SchemaInvalid"),
    retryable=MODEL_RETRYABLE,
    output_example=({"question": "Where is my parcel?", "answer": "It arrives on Friday."},),
)
