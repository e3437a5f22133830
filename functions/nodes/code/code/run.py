"""Runs JavaScript over the items, in a process that can do nothing else.

The function itself may send events and store results; the code may not: it runs in QuickJS in a child process with an
empty environment and no rights (`stepweave.expressions.sandbox`), and this process lets none of its kind look into it.
"""

from functools import lru_cache

from functions.nodes.code.code.errors import JavaScriptError, JavaScriptMemory, JavaScriptTimeout
from functions.nodes.code.code.spec import Params
from stepweave.expressions.sandbox import (
    JavaScriptSandbox,
    Job,
    LogLine,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
)
from stepweave.expressions.system_calls import hide
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.returned import items_of, items_of_each, log_lines


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that the code makes."""
    each_item = step.constant("mode") == "eachItem"
    code = str(step.constant("code"))
    seconds = min(float(step.constant("timeoutSeconds")), step.remaining())
    scope = step.scope
    job = Job(
        code=code,
        each_item=each_item,
        items=scope.items,
        outputs={name: scope.output_of(name) for name in scope.names},
        workflow=scope.workflow,
        execution=scope.execution,
        variables=scope.variables,
        seconds=seconds,
        origins=scope.origins,
        ids=scope.ids,
        iteration=scope.iteration,
    )
    try:
        result = sandbox().run(step.context["tenantId"], job)
    except SandboxError as error:
        _log(step, error.logs, 0)
        raise _typed(error) from None
    _log(step, result.logs, result.dropped)
    return {"main": (items_of_each if each_item else items_of)(result.value, result.sources, step.items())}


@lru_cache(maxsize=1)
def sandbox() -> JavaScriptSandbox:
    """Return this worker's sandbox, and close this process to its children first."""
    hide()
    return JavaScriptSandbox()


def _log(step: Step[Params], lines: list[LogLine], dropped: int) -> None:
    log_lines(step, [(line.level, line.message) for line in lines], dropped)


def _typed(error: SandboxError) -> NodeError:
    where = {"line": error.line, "column": error.column} if error.line is not None else {}
    if isinstance(error, SandboxTimeout):
        return JavaScriptTimeout(str(error), "Look for a loop without an end, or raise the time-out.")
    if isinstance(error, SandboxMemory):
        return JavaScriptMemory(str(error), "Keep less in memory at a time, or hand the node fewer items.")
    message = f"{error} (line {error.line})" if error.line is not None else str(error)
    return JavaScriptError(message, "Mend the code.", details=where)
