"""What an expression gives, while somebody is still writing it: no JavaScript of strangers runs in the API's process.

It runs in the engine's own process (`killable`), which is locked as that of code nodes is: no file, no environment, no
network; it is killed where it does not end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.expressions.errors import ExpressionError
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.scope import Output, Scope
from stepweave.model.items import Item, Origin
from stepweave.model.json_text import mended, mended_text

SECONDS: Final = 1.0
"""Of the processor, for one expression."""
MOST_BYTES: Final = 8 * 1024**2
"""Of a value as JSON text: it is shown to people."""


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
        variables: the workspace's, by name.
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
    variables: Mapping[str, Any] = field(default_factory=dict)


def preview(wanted: Preview, seconds: float = SECONDS) -> Any:
    """Return the value as JSON data, as `Evaluator.evaluate` gives it; half of a character is U+FFFD.

    Raises:
        ExpressionError: it threw; `ExpressionTimeout` where it computes for longer than `seconds`.
    """
    scope = Scope.of_outputs(
        wanted.items,
        wanted.outputs,
        workflow=wanted.workflow,
        execution=wanted.execution,
        origins=wanted.origins,
        ids=wanted.ids,
        iteration=wanted.iteration,
        variables=wanted.variables,
    )
    try:
        value = Evaluator(scope, seconds=seconds, most_bytes=MOST_BYTES, apart=True).evaluate(wanted.text, wanted.index)
    except ExpressionError as error:
        error.message = mended_text(error.message)
        raise
    return mended(value)[0]
