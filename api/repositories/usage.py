"""Rows of `node_usage`: what node runs used."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stepweave.model.usage import Usage, of_entries
from stepweave_data.models import NodeUsage


class Usages:
    """What node runs used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_node(self, execution_id: uuid.UUID) -> dict[str, Usage]:
        """Return what each node used in all of its runs; nodes that used nothing are left out."""
        summed = (
            select(NodeUsage.node_id, NodeUsage.kind, NodeUsage.name, func.sum(NodeUsage.amount))
            .where(NodeUsage.execution_id == execution_id)
            .group_by(NodeUsage.node_id, NodeUsage.kind, NodeUsage.name)
            .order_by(NodeUsage.node_id, NodeUsage.kind, NodeUsage.name)
        )
        return _grouped(self._session.execute(summed))

    def of_runs(self, execution_id: uuid.UUID, node_id: str, iterations: list[str]) -> dict[str, Usage]:
        """Return what some runs of a node used, by iteration; those that used nothing are left out."""
        rows = (
            select(NodeUsage.iteration, NodeUsage.kind, NodeUsage.name, NodeUsage.amount)
            .where(NodeUsage.execution_id == execution_id, NodeUsage.node_id == node_id)
            .where(NodeUsage.iteration.in_(iterations))
            .order_by(NodeUsage.kind, NodeUsage.name)
        )
        return _grouped(self._session.execute(rows))


def _grouped(rows: Iterable[Any]) -> dict[str, Usage]:
    groups: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for key, kind, name, amount in rows:
        groups[key].append((kind, name, amount))
    return {key: of_entries(group) for key, group in groups.items()}
