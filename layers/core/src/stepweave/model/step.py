"""The contract between a compiled state machine and a node function: what a step is given, and what it gives back.

The compiler emits `StepPayload` as the Lambda payload (Step Functions fills in the variables); the runtime adapter
reads it and returns `StepResult`, which the machine keeps in a variable and which later steps read `output` of.
"""

from typing import Any, Final, NotRequired, TypedDict

from stepweave.model.events import ErrorInfo, ExecutionContext
from stepweave.model.items import INLINE_LIMIT, Batch, BinaryRef, NodeOutput


class StepNode(TypedDict):
    """Which node a step runs."""

    id: str
    name: str
    type: str
    version: int


class StepSettings(TypedDict):
    """What the adapter must know of the node's settings.

    `onError` and `maxAttempts` let the adapter answer with an error item itself on the last attempt, item by item;
    failures that never reach it (time-out, out of memory) are caught by the machine. `maxAttempts` counts the first
    attempt. `timeoutSeconds` is the node's own time-out, where it has one: the step ends itself shortly before.
    """

    onError: str
    maxAttempts: int
    timeoutSeconds: NotRequired[int]
    executeOnce: NotRequired[bool]
    alwaysOutput: NotRequired[bool]


class StepPayload(TypedDict):
    """What a node function is invoked with.

    `params` holds the node's parameters as saved, expressions still as text. `inputs` maps each input port to its live
    batches in edge order. `refs` maps the name of each node its expressions may refer to onto that node's output, or to
    None where it did not run; `paired` maps those of them that may be read item by item (`$('A').item`) onto the node's
    id, under which items carry their lineage. `attempt` counts from 1. `inlineLimit` is the most bytes of JSON the
    result may have before batches go to S3: the compiler lowers it where many results meet.

    `iteration` is empty outside loops, "3" in a loop's fourth round, "3.0" in the first round of a loop within it.
    `phase` is empty for nodes that run in one go; a loop runs as `split` and `collect` (or `enter` and `turn`), a try
    as `enter` and `leave`, a wait as `wait` and `resume`, and a node whose waiting for its task token ran out as
    `timedOut`. A node that goes on
    after a failure that it could not answer itself runs as `failed`, a loop over batches whose round failed as
    `roundFailed`; both have the `failure`, and so has the `turn` of a loop whose round failed. `taskToken` is
    there where the state waits for one. `native` lists nodes before this one that ran without a function and that
    this step tells of. `loop` is what a loop's later phases need: `results` or `manifest`; or `round`, and what the
    rounds hand on (`left`, `kept`, `failed`); or what an agent's turns need (`AgentLoop`). `tool` is the one item whose
    fields are what a model gave for `$fromAI`, for nodes of a tool that ask for it.
    """

    context: ExecutionContext
    node: StepNode
    params: dict[str, Any]
    settings: StepSettings
    inputs: dict[str, list[Batch]]
    refs: dict[str, NodeOutput | None]
    paired: dict[str, str]
    attempt: int
    inlineLimit: int
    iteration: str
    phase: str
    taskToken: str
    native: list["NativeRun"]
    loop: dict[str, Any]
    failure: "StepFailure"
    tool: Batch | None


class StepFailure(TypedDict, total=False):
    """What failed, for steps in which a node's function makes error items of it.

    `error` and `cause` are as Step Functions says them, `port` is where the items go; `waits` says that the state
    waited for its token, `asked` that a person was asked whether an agent may call its tool. `cutOff` lists the nodes
    of the region or round that may have been waiting in it; `round` is the iteration of that round, where the step is
    not in it.
    """

    error: str
    cause: str
    port: str
    waits: bool
    asked: bool
    cutOff: list[str]
    round: str


WAITED_TOO_LONG: Final[ErrorInfo] = {
    "type": "NodeTimeout",
    "message": "What the node waits for did not come within the time it may wait.",
    "retryable": False,
    "remedy": "Let it wait longer, or look why nobody answered.",
}
"""What is said of a node that waits for a task token, when its time is over."""


class NativeRun(TypedDict):
    """A node that ran as a state of the machine, without a function: somebody else has to tell of its run."""

    id: str
    output: NodeOutput


STEP_DEFAULTS: Final[dict[str, Any]] = {
    "settings": {"onError": "stop", "maxAttempts": 1},
    "refs": {},
    "paired": {},
    "inlineLimit": INLINE_LIMIT,
    "iteration": "",
    "phase": "",
    "taskToken": "",
    "native": [],
    "loop": {},
    "failure": {},
    "tool": None,
}
"""What a payload leaves out when it is so; the adapter fills it in."""


class StepResponse(TypedDict):
    """The answer to a webhook's caller. A `body` that is text is sent as it is, None as nothing, other data as JSON.

    Where there is a `file`, its bytes are the answer's, and `body` is None.
    """

    statusCode: int
    headers: dict[str, str]
    body: Any
    file: NotRequired[BinaryRef]


class StepResult(TypedDict):
    """What a node function returns. `output` names live ports only; `response` is there for response nodes.

    `batches`, `round`, and what rounds hand on (`left`, `kept`, `failed`) are a loop's (`functions.nodes.flow.loop`);
    `wait` (`{"until": ISO 8601 in UTC}`) is a wait's, or a throttle's whose turn is later. `calls` are the tools that
    an agent's turn calls, `talk` says of how many items its talks are; without `talk` it has ended.
    """

    output: NodeOutput
    response: NotRequired[StepResponse]
    batches: NotRequired[dict[str, Any]]
    round: NotRequired[int]
    wait: NotRequired[dict[str, str]]
    calls: NotRequired[list["AgentCall"]]
    talk: NotRequired[dict[str, int]]


ASK_TO_GO_ON: Final = "?"
"""Stands for a tool where a person is asked whether an agent may go on beyond its limits."""


class AgentCall(TypedDict):
    """A tool that an agent calls: `tool` is the id of the node that begins it, or `ASK_TO_GO_ON`.

    `input` is its one item, the arguments.
    """

    id: str
    tool: str
    input: Batch


class AgentResult(TypedDict):
    """What came of a call: `batches` as the tool's last nodes gave them, or the `error` that ended it.

    `decision` is there where a person was asked, with the `input` that the tool then had.
    """

    id: str
    batches: NotRequired[list[Batch]]
    error: NotRequired[StepFailure]
    decision: NotRequired[dict[str, Any] | None]
    input: NotRequired[Batch]


class AgentTool(TypedDict):
    """A tool as an agent's turn is told of it: the id of the node that begins it, and what the model is told."""

    node: str
    name: str
    description: str
    parameters: dict[str, Any]
    approval: NotRequired[bool]


class AgentLoop(TypedDict):
    """`StepPayload.loop` of an agent's turns. `most` is how many calls there is room for in the execution's history.

    All but `tools` and `most` is there from the second turn on.
    """

    tools: list[AgentTool]
    most: int
    round: NotRequired[int]
    talk: NotRequired[dict[str, int]]
    results: NotRequired[list[AgentResult]]


class ExecutionInput(TypedDict):
    """The input of a compiled machine's execution.

    `trigger.nodeId` is the trigger that fired; its items are `trigger.output`. Other triggers of the workflow are dead.
    `seed` has the outputs of nodes that do not run in this execution (`CompileOptions.fired` and `pinned`); None for
    one that did not run where its output is from.
    """

    context: ExecutionContext
    trigger: "TriggerOutput"
    seed: NotRequired[dict[str, NodeOutput | None]]


class TriggerOutput(TypedDict):
    """The items a trigger starts with."""

    nodeId: str
    output: NodeOutput


class ExecutionOutput(TypedDict):
    """The output of a compiled machine's execution.

    `response` is the first response node's answer, or None; `last` is the output of the last node that ran among those
    nothing follows, for webhooks that answer with it. `native` lists nodes that ran without a function and that no
    step told of.
    """

    response: StepResponse | None
    last: NodeOutput | None
    native: NotRequired[list[NativeRun]]
