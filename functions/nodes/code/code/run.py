"""Runs JavaScript over the items, in a process that can do nothing else.

The function itself may send events and store results; the code may not: it runs in QuickJS in a child process with an
empty environment and no rights (`stepweave.expressions.sandbox`), and this process lets none of its kind look into it.
"""

import ctypes
from functools import lru_cache
from typing import Any, Final

from functions.nodes.code.code.errors import JavaScriptError, JavaScriptMemory, JavaScriptTimeout
from functions.nodes.code.code.lineage import origin_of
from functions.nodes.code.code.spec import Params
from stepweave.expressions.sandbox import (
    JavaScriptResult,
    JavaScriptSandbox,
    Job,
    LogLine,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
)
from stepweave.model.events import LogLevel
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError, ResultInvalid

_LEVELS: Final[dict[str, LogLevel]] = {"debug": "debug", "info": "info", "warning": "warning", "error": "error"}
_PR_SET_DUMPABLE: Final = 4
"""prctl(2)."""


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
    items = step.items()
    return {"main": _each_item(result, items) if each_item else _items(result.value, "The code", result.sources, items)}


@lru_cache(maxsize=1)
def sandbox() -> JavaScriptSandbox:
    """Return this worker's sandbox, and close this process to its children first."""
    # A child of the same user could otherwise read this process's memory and environment through /proc (proc(5)).
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return JavaScriptSandbox()


def _log(step: Step[Params], lines: list[LogLine], dropped: int) -> None:
    for line in lines:
        step.log(_LEVELS.get(line.level, "info"), line.message)
    if dropped:
        step.log("warning", f"{dropped} more lines were not kept.")


def _each_item(result: JavaScriptResult, given: list[Item]) -> list[Item]:
    """Return the items of all runs, one run per input item; a run that gave nothing drops its item."""
    items: list[Item] = []
    for index, value in enumerate(result.value):
        sources = result.sources[index] if index < len(result.sources) else []
        items.extend(_items(value, f"The code for item {index}", sources, given, index))
    return items


def _items(value: Any, who: str, sources: list[Any], given: list[Item], own: int | None = None) -> list[Item]:
    """Return the items that code returned, with where they come from.

    Args:
        value: what it returned.
        who: for messages.
        sources: per item, the input items that it was made of, as far as is known.
        given: the input items.
        own: the index of the one it ran for.
    """
    if value is None:
        return []
    made: list[Item] = []
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        one = _item(entry, who)
        found = sources[index] if index < len(sources) else []
        one["origin"] = origin_of(entry, found, given, who, own)
        made.append(one)
    return made


def _item(value: Any, who: str) -> Item:
    if not isinstance(value, dict):
        kind = "null" if value is None else {bool: "a boolean", str: "text"}.get(type(value), "a number or a list")
        raise ResultInvalid(
            f"{who} returned {kind} where an object was expected.", "Return an object, or a list of objects."
        )
    if value.keys() <= {"json", "binary", "pairedItem"} and isinstance(value.get("json"), dict):
        whole: Item = {"json": value["json"]}
        if isinstance(value.get("binary"), dict):
            whole["binary"] = value["binary"]
        return whole
    return {"json": value}


def _typed(error: SandboxError) -> NodeError:
    where = {"line": error.line, "column": error.column} if error.line is not None else {}
    if isinstance(error, SandboxTimeout):
        return JavaScriptTimeout(str(error), "Look for a loop without an end, or raise the time-out.")
    if isinstance(error, SandboxMemory):
        return JavaScriptMemory(str(error), "Keep less in memory at a time, or hand the node fewer items.")
    message = f"{error} (line {error.line})" if error.line is not None else str(error)
    return JavaScriptError(message, "Mend the code.", details=where)
