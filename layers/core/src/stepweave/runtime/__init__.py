"""Running a step: the adapter around a node's behaviour, and starting executions.

A node's `handler.py` needs `lambda_node` (a trigger's `lambda_trigger`), its `run.py` needs `Step`, `Entry` and
`stepweave.runtime.errors`.

These names are found when they are asked for: the adapter brings pydantic and the evaluator, which the control plane's
functions, that start and end executions only, would pay for with half of their cold start (ADR 17).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepweave.runtime.adapter import lambda_node, lambda_trigger
    from stepweave.runtime.asks import Ask, Asked
    from stepweave.runtime.step import Entry, Step

__all__ = ["Ask", "Asked", "Entry", "Step", "lambda_node", "lambda_trigger"]


def __getattr__(name: str) -> Any:
    """Return one of the authors' names. Raises AttributeError for any other."""
    if name in ("lambda_node", "lambda_trigger"):
        from stepweave.runtime import adapter

        return getattr(adapter, name)
    if name in ("Ask", "Asked"):
        from stepweave.runtime import asks

        return getattr(asks, name)
    if name in ("Entry", "Step"):
        from stepweave.runtime import step

        return getattr(step, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
