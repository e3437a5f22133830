"""What an expression gives, while somebody is still writing it: evaluated in a process of its own, which is then gone.

The engine ends most runaway code by itself (`engine`), but not all of it, and here it is a stranger's text in the
process of an API. So the process has an empty environment, a limit of time and memory, and is killed at a deadline.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.expressions.errors import ExpressionError, ExpressionTimeout
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.scope import Output, Scope
from stepweave.model.items import Item, Origin

SECONDS: Final = 3.0
"""From the start of the process to its answer; it needs 0.1 s on an idle machine."""
CPU_SECONDS: Final = 3
MEMORY_BYTES: Final = 1024**3
"""Of addresses: the engine itself stops at 64 MiB of data."""


@dataclass(frozen=True)
class Preview:
    """What to evaluate.

    Attributes:
        text: a parameter's text with `{{ }}` in it.
        index: of the item it is evaluated for.
        items: those of the main input.
        outputs: of the nodes it refers to, by name and port; None for one that did not run.
        workflow: `id`, `name`, `timeZone`.
        execution: `id`, `mode`.
        origins, ids, iteration: as in `Scope`: which items of other nodes the items come from.
    """

    text: str
    index: int = 0
    items: list[Item] = field(default_factory=list)
    outputs: Mapping[str, Output | None] = field(default_factory=dict)
    workflow: Mapping[str, Any] = field(default_factory=dict)
    execution: Mapping[str, Any] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    ids: Mapping[str, str] = field(default_factory=dict)
    iteration: str = ""


def preview(wanted: Preview, seconds: float = SECONDS) -> Any:
    """Return the value as JSON data, as `Evaluator.evaluate` gives it.

    Raises:
        ExpressionError: it threw; `ExpressionTimeout` also where the process did not answer in `seconds`.
    """
    request = json.dumps(wanted.__dict__)
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", __name__],
            input=request.encode(),
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
        ).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise ExpressionTimeout(f"It took longer than {seconds:g} s, or more memory than there is.") from None
    found = json.loads(answer)
    if "error" in found:
        raise ExpressionError(found["error"], position=found["position"], expression=found["expression"])
    return found["value"]


def _main() -> None:
    """Answer the request on standard input."""
    request = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    wanted = Preview(**request)
    scope = Scope.of_outputs(
        wanted.items,
        wanted.outputs,
        workflow=wanted.workflow,
        execution=wanted.execution,
        origins=wanted.origins,
        ids=wanted.ids,
        iteration=wanted.iteration,
    )
    answer: dict[str, Any]
    try:
        answer = {"value": Evaluator(scope).evaluate(wanted.text, wanted.index)}
    except ExpressionError as error:
        answer = {"error": error.message, "position": error.position, "expression": error.expression}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
