"""Calling another workflow: what a node asks of the starter, and what it is told."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import Who, request_by
from stepweave.model.events import ExecutionContext
from stepweave.model.items import Batch, Origin
from stepweave.runtime.errors import (
    ContextRefused,
    DataMissing,
    DataTooLarge,
    NodeError,
    ResultInvalid,
    StorageUnavailable,
)
from stepweave.spec.called import Input


class WorkflowNotFound(NodeError):
    """There is no such workflow in this workspace."""


class WorkflowNotCallable(NodeError):
    """The workflow is not published, is paused, or has no trigger for calls."""


class WorkflowCallRefused(NodeError):
    """The items are not what the called workflow expects, or too many."""


class NestedTooDeep(NodeError):
    """Workflows call workflows deeper than is allowed."""


class ChildFailed(NodeError):
    """The called workflow failed, was cancelled or ran out of time. `details.executionId` names its execution.

    Of one execution for each item `item` is the first that failed; `details` has how many `failed`, and `of` how many.
    """


class StarterUnavailable(NodeError):
    """The called workflow could not be started now."""

    retryable = True


Ask = Callable[["Call", float], Any]
"""Asks the starter: a call and the seconds to wait, to its answer. Raises AwsError."""

MOST_NESTED: Final = 10
"""How deep workflows may call workflows."""
MOST_EACH: Final = 200
"""Most executions that one step starts."""
REFUSALS: Final[dict[str, type[NodeError]]] = {
    cls.__name__: cls
    for cls in (
        WorkflowNotFound,
        WorkflowNotCallable,
        WorkflowCallRefused,
        NestedTooDeep,
        DataMissing,
        DataTooLarge,
        ResultInvalid,
        StorageUnavailable,
        StarterUnavailable,
        ContextRefused,
    )
}
"""What the starter may answer with in place of executions."""


class CallWait(TypedDict):
    """What a step that waits for the called workflow's end gives with its call.

    With `goesOn` the caller goes on after errors: the step that makes error items of one tells of the node's end. With
    `alwaysOutput` it gets an empty item where nothing comes back.
    `origin` is the lineage of what comes back, which all items that are sent are the source of. With an execution for
    each item there are `origins` in its place, and where the caller goes on what error items are made of: the `input`
    items, and the `failurePort` that they take.
    """

    token: str
    inlineLimit: int
    expiresAt: str
    goesOn: NotRequired[bool]
    alwaysOutput: NotRequired[bool]
    origin: NotRequired[Origin]
    origins: NotRequired[list[Origin]]
    input: NotRequired[Batch]
    failurePort: NotRequired[str]


class Call(TypedDict):
    """A node's call of another workflow. `each` starts an execution for every item, else one gets them all.

    With `convert` values of another type than the workflow expects are made to fit, where they can be.
    """

    context: ExecutionContext
    nodeId: str
    iteration: str
    attempt: int
    workflowId: str
    batch: Batch
    each: bool
    convert: NotRequired[bool]
    wait: NotRequired[CallWait]


@dataclass(frozen=True)
class Called:
    """What a call has started."""

    workflow_name: str
    execution_ids: list[str]


AskAbout = Callable[[Who, str, float], Any]
"""Asks the starter what a workflow expects: who asks, workflow, seconds to wait. Raises AwsError."""


def ask_starter(call: Call, seconds: float) -> Any:
    """Ask the starter function that the environment names. Raises AwsError; StarterUnavailable without one."""
    return _starter({"call": call}, seconds)


def ask_about(who: Who, workflow_id: str, seconds: float) -> Any:
    """Ask the starter what a workflow expects. Raises as `ask_starter`."""
    return _starter(request_by(who, inputs={"workflowId": workflow_id}), seconds)


def call_workflow(call: Call, seconds: float, ask: Ask) -> Called:
    """Have a workflow started and return what was.

    Raises:
        NodeError: one of `REFUSALS`; nothing was started, unless the message says so.
    """
    answer = _answered(lambda: ask(call, seconds), "The workflow could not be started")
    return Called(answer["workflowName"], list(answer["executionIds"]))


def declared(who: Who, workflow_id: str, seconds: float, ask: AskAbout) -> list[Input]:
    """Return the fields that a workflow's published version declares; none where it takes anything.

    Raises:
        NodeError: one of `REFUSALS`.
    """
    answer = _answered(lambda: ask(who, workflow_id, seconds), "What the workflow expects could not be read")
    return [Input.from_json(one) for one in answer["inputs"]]


def _answered(ask: Callable[[], Any], failed: str) -> Any:
    try:
        answer = ask()
    except AwsError as error:
        # The function's words may quote data, so only the code goes on.
        raise StarterUnavailable(
            f"{failed} ({error.code}).",
            "Try again; if it stays so, the platform's operator must look at the starter function.",
        ) from error
    refused = answer.get("refused")
    if refused is None:
        return answer
    refusal = REFUSALS.get(refused["type"], StarterUnavailable)
    details = refused.get("details", {})
    raise refusal(refused["message"], refused.get("remedy", ""), details=details, item=details.get("item"))


def _starter(event: dict[str, Any], seconds: float) -> Any:
    name = os.environ.get("STEPWEAVE_STARTER_FUNCTION")
    if not name:
        raise StarterUnavailable("STEPWEAVE_STARTER_FUNCTION is not set.", "Deploy the node with the starter.")
    return Aws.shared().functions.invoke(name, event, timeout=seconds)
