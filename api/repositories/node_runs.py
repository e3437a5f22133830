"""Rows of `node_runs`: what nodes did in an execution, by iteration where they are in loops."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session, aliased

from stepweave_data.models import NodeRun

_ENDS: Final = ("succeeded", "failed")


class NodeRuns:
    """The runs of nodes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, execution_id: uuid.UUID, node_id: str, iteration: str) -> NodeRun | None:
        """Return one, or None."""
        return self._session.get(NodeRun, (execution_id, node_id, iteration))

    def outside_loops(self, execution_id: uuid.UUID) -> Sequence[NodeRun]:
        """Return the runs of nodes that are in no loop."""
        query = select(NodeRun).where(NodeRun.execution_id == execution_id, NodeRun.iteration == "")
        return self._session.scalars(query).all()

    def first_failed(self, execution_id: uuid.UUID) -> str | None:
        """Return the node outside of loops that failed first, or None."""
        return self._session.scalar(
            select(NodeRun.node_id)
            .where(NodeRun.execution_id == execution_id, NodeRun.status == "failed", NodeRun.iteration == "")
            .order_by(NodeRun.ended_at, NodeRun.node_id)
            .limit(1)
        )

    def with_output(
        self, execution_id: uuid.UUID, node_ids: Collection[str], iterations: Collection[str] | None = None
    ) -> Sequence[NodeRun]:
        """Return the runs of some nodes that gave something, the latest last: of all rounds, or of some."""
        query = select(NodeRun).where(
            NodeRun.execution_id == execution_id, NodeRun.node_id.in_(node_ids), NodeRun.output.is_not(None)
        )
        if iterations is not None:
            query = query.where(NodeRun.iteration.in_(iterations))
        return self._session.scalars(query.order_by(NodeRun.started_at)).all()

    def of_node(
        self, execution_id: uuid.UUID, node_id: str, after: Sequence[int] | None, limit: int
    ) -> Sequence[NodeRun]:
        """Return a node's runs in the order of their iterations, behind one."""
        query = select(NodeRun).where(NodeRun.execution_id == execution_id, NodeRun.node_id == node_id)
        if after is not None:
            query = query.where(_rounds() > list(after))
        return self._session.scalars(query.order_by(_rounds()).limit(limit)).all()

    def latest(self, execution_id: uuid.UUID) -> list[tuple[NodeRun, int, int, int]]:
        """Return each node's latest run, in the order in which the nodes were reached.

        Returns:
            Of each how many runs the node has, how many succeeded and how many failed, too.
        """
        of_node: Any = {"partition_by": NodeRun.node_id}
        ended = [func.count().filter(NodeRun.status == status).over(**of_node).label(status) for status in _ENDS]
        place = func.row_number().over(**of_node, order_by=(NodeRun.started_at.desc(), _rounds().desc()))
        first = func.min(NodeRun.started_at).over(**of_node)
        total = func.count().over(**of_node).label("total")
        counted = select(NodeRun, total, *ended, place.label("place"), first.label("first"))
        runs = counted.where(NodeRun.execution_id == execution_id).subquery()
        latest = aliased(NodeRun, runs)
        query = (
            select(latest, runs.c.total, runs.c.succeeded, runs.c.failed)
            .where(runs.c.place == 1)
            .order_by(runs.c.first, runs.c.node_id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in self._session.execute(query)]


def _rounds() -> ColumnElement[Any]:
    """An iteration as a list of numbers: `10.2` comes after `9.30`, and outside of loops comes first."""
    return cast(func.string_to_array(NodeRun.iteration, "."), ARRAY(Integer))
