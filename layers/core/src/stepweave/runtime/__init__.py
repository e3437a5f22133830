"""Running a step: the adapter around a node's behaviour, and starting executions.

A node's `handler.py` needs `lambda_node`, its `run.py` needs `Step`, `Entry` and `stepweave.runtime.errors`.

These names are found when they are asked for: the adapter brings pydantic and the evaluator, which the control plane's
functions, that start and end executions only, would pay for with half of their cold start (ADR 17).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepweave.runtime.adapter import lambda_node
    from stepweave.runtime.step import Entry, Step

__all__ = ["Entry", "Step", "lambda_node"]


def __getattr__(name: str) -> Any:
    """Return one of the authors' names. Raises AttributeError for any other."""
    if name == "lambda_node":
        from stepweave.runtime.adapter import lambda_node

        return lambda_node
    if name in ("Entry", "Step"):
        from stepweave.runtime import step

        return getattr(step, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
