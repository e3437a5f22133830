"""Runs Python over the items, in a process that can do nothing else (docs/adr/0030-code-sandboxes.md).

The function itself may send events and store results; the code may not: it runs in a fork whose calls of the kernel
were taken away (`stepweave.expressions.python`), and this process lets none of its kind look into it.
"""

from functools import lru_cache

from functions.nodes.code.python_code.errors import PythonError, PythonMemory, PythonTimeout, PythonUnavailable
from functions.nodes.code.python_code.spec import Params
from stepweave.expressions.python.sandbox import MEMORY_BYTES, PythonSandbox
from stepweave.expressions.sandbox import (
    Job,
    LogLine,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
    SandboxUnavailable,
)
from stepweave.expressions.system_calls import hide
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.returned import items_of, items_of_each, log_lines


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that the code makes."""
    each_item = step.constant("mode") == "eachItem"
    scope = step.scope
    job = Job(
        code=str(step.constant("code")),
        each_item=each_item,
        items=scope.items,
        outputs={name: scope.output_of(name) for name in scope.names},
        workflow=scope.workflow,
        execution=scope.execution,
        variables=scope.variables,
        seconds=min(float(step.constant("timeoutSeconds")), step.remaining()),
        memory_bytes=MEMORY_BYTES,
        inputs=scope.inputs,
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
def sandbox() -> PythonSandbox:
    """Return this worker's sandbox, and close this process to its children first."""
    hide()
    return PythonSandbox()


def _log(step: Step[Params], lines: list[LogLine], dropped: int) -> None:
    log_lines(step, [(line.level, line.message) for line in lines], dropped)


def _typed(error: SandboxError) -> NodeError:
    details = {"line": error.line, "column": error.column} if error.line is not None else {}
    message = f"{error} (line {error.line})" if error.line is not None else str(error)
    if isinstance(error, SandboxTimeout):
        return PythonTimeout(message, "Look for a loop without an end, or raise the time-out.", details=details)
    if isinstance(error, SandboxMemory):
        return PythonMemory(message, "Keep less at a time, or hand the node fewer items.", details=details)
    if isinstance(error, SandboxUnavailable):
        return PythonUnavailable(message, "Use a code node in JavaScript, or run this on Linux with seccomp.")
    return PythonError(message, "Mend the code.", details=details)
