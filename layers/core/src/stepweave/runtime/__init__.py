"""Running a step: the adapter around a node's behaviour, and starting executions.

A node's `handler.py` needs `lambda_node`, its `run.py` needs `Step`, `Entry` and `stepweave.runtime.errors`.
"""

from stepweave.runtime.adapter import lambda_node
from stepweave.runtime.step import Entry, Step

__all__ = ["Entry", "Step", "lambda_node"]
