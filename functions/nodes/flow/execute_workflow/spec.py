"""The execute-workflow node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port, Waiting
from stepweave.spec.options import OptionsFrom

_MAPPED = {"inputs": ["fields"]}


class Value(NodeParams):
    """A field that the called workflow expects, and its value."""

    name: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("inputs", needs=("workflowId",)),
        min_length=1,
        max_length=200,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.id }}")


class Params(NodeParams):
    """Which workflow, with what, and whether its end is waited for."""

    workflow_id: str = ui(
        ...,
        title="Workflow",
        kind=Kind.WORKFLOW,
        help="A published one that begins with “Called by a workflow”. By an expression: its id, one for all items.",
        min_length=1,
        max_length=64,
    )
    inputs: Literal["items", "fields"] = ui(
        "items",
        title="What it gets",
        kind=Kind.SELECT,
        expression=False,
        options=[("items", "The items as they are"), ("fields", "The fields that it expects")],
    )
    values: list[Value] = ui(
        ...,
        title="Fields",
        kind=Kind.MAPPING,
        help="As its published version declares them. Each item is sent with these fields alone, and its files.",
        show_when=_MAPPED,
        default_factory=list,
        max_length=200,
    )
    wait: bool = ui(
        True,
        title="Wait for its end",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The items of its last node are this node's output then.",
    )
    send: Literal["together", "each"] = ui(
        "together",
        title="Start",
        kind=Kind.SELECT,
        expression=False,
        options=[("together", "One execution with all items"), ("each", "One execution for each item")],
        help="For each item: at most 200 at a time.",
    )
    timeout_seconds: int = ui(
        86_400,
        title="At most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="After that the node fails, and what it waits for is stopped. 86400 is a day.",
        show_when={"wait": [True]},
        ge=1,
        le=31_536_000,
    )
    convert: bool = ui(
        True,
        title="Convert values",
        kind=Kind.BOOLEAN,
        expression=False,
        help='The text "7" becomes a number where the workflow expects one. Off: another type is refused.',
        show_when=_MAPPED,
        group="options",
    )


DOCS = """\
Runs another workflow of this workspace, as an execution of its own. The other workflow begins with *Called by a
workflow*; its published version runs, also when this one is only tested.

**What it gets.** The items as they are; or, for each item, the fields that the other workflow expects, filled in here:
the form shows those of its published version, with their types. A field that is left out gets the other workflow's
default. Either way the other workflow checks what comes, and refuses all of it where one item does not fit.

**Output.** When it waits: the items of the called workflow's last node (of that node's first port that has items);
nothing when that gave none (one empty item with *Always output an item*). Nothing runs and nothing is paid for here
meanwhile, up to a year. When it does not wait: the input items, each with `execution.id`, the execution that it
started.

**For each item.** *One execution for each item* starts up to 200 at a time. When it waits, it goes on once all have
ended: what they gave stands in the order of the items, whichever ended first, and `$('...').item` finds the item that
each was started with. One that gave nothing adds nothing.

**When some fail.** The others go on to their ends: one failure stops nobody. Then the node fails with `ChildFailed`,
which is about the first item that failed and says how many did (`failed`, `of`). When it goes on after errors, each
item that failed becomes an error item in its place or on the port *error*, and the others' results are kept.

**Which one.** Chosen, or by an expression that gives its id (`{{ $workflow.id }}` is this one); all items must name the
same.

**Errors.** `WorkflowNotFound` and `WorkflowNotCallable` (not published, paused, or without *Called by a workflow*),
`WorkflowCallRefused` when a field that it expects is missing or of another type (the error's details name `field`
and `item`) or the items name several workflows, `NestedTooDeep` beyond ten workflows in one another,
`ChildFailed` when the called workflow failed, was cancelled or took too long by its own settings, `NodeTimeout` when
the time here is over, `DataTooLarge` when all together gave more than 64 MB, `StarterUnavailable` (a retry can help)
when not all could be started. What nobody waits for any more is stopped: when this execution ends, or its time here is
over.

**Example.** *Price an order*, waiting: the next node reads `{{ $json.total }}` of what the other workflow gave last.
"""

SPEC = NodeSpec(
    type="execute_workflow",
    name="Execute workflow",
    category=Category.FLOW,
    icon="workflow",
    summary="Runs another workflow, and goes on with what it gives.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main"),),
    waiting=Waiting(when={"wait": [True]}, seconds="timeoutSeconds"),
    starts_workflows=True,
    timeout_seconds=120,
    errors=(
        "WorkflowNotFound",
        "WorkflowNotCallable",
        "WorkflowCallRefused",
        "NestedTooDeep",
        "ChildFailed",
        "StarterUnavailable",
    ),
    retryable=("StarterUnavailable",),
    output_example=({"orderId": 7, "total": 120.5},),
)
