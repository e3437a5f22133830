"""What an expression gives, on the data of an earlier execution and on pinned data."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api import codes
from api.ports import Storage
from api.repositories.rows import rows_of
from api.services.items import resolved
from api.services.tokens import Principal
from stepweave.expressions import ExpressionError, references
from stepweave.expressions.preview import Preview, preview
from stepweave.model.lineage import placed, without

MOST_ITEMS: Final = 1000
"""Of one port; what an expression reads of more is left to the run."""
MOST_NODES: Final = 20
"""Whose outputs are fetched for an expression that reckons the names of nodes."""
MOST_VALUE_CHARACTERS: Final = 20_000

Ports = dict[str, list[Any]]
"""A node's items by port."""


@dataclass(frozen=True)
class Wanted:
    """An expression, and where its data is from (`api.schemas.expressions.PreviewRequest`)."""

    text: str
    index: int = 0
    execution_id: uuid.UUID | None = None
    input: list[tuple[str, str]] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, Ports] = field(default_factory=dict)
    workflow: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What it gives."""

    value: Any
    error: ExpressionError | None
    count: int
    partial: bool
    cut: bool
    missing: list[str]


def show(principal: Principal, storage: Callable[[], Storage], wanted: Wanted) -> Shown:
    """Evaluate an expression. Raises Refused: `not_found` (the execution), `items_gone`."""
    read = references(wanted.text)
    named = {name: wanted.names[name] for name in sorted(read.names) if name in wanted.names}
    if read.dynamic:
        named = {**dict(list(wanted.names.items())[:MOST_NODES]), **named}
    ids = {node_id for node_id, _ in wanted.input} | set(named.values())
    ran, rounds = _outputs(principal, storage, wanted.execution_id, ids - wanted.pinned.keys())
    data = _Data(ran, wanted.pinned, rounds)
    items = [
        item
        for node_id, port in wanted.input
        for item in placed(data.of(node_id).get(port, []), node_id, port, data.rounds.get(node_id, ""))
    ]
    iteration = max((data.rounds.get(node_id, "") for node_id, _ in wanted.input), key=len, default="")
    outputs = {name: data.cut(node_id) for name, node_id in named.items()}
    value, error = None, None
    try:
        value = preview(
            Preview(
                wanted.text,
                min(wanted.index, max(len(items) - 1, 0)),
                without(items[:MOST_ITEMS]),
                outputs,
                wanted.workflow,
                {"id": str(wanted.execution_id or ""), "mode": "draft"},
                [item["origin"] for item in items[:MOST_ITEMS]],
                named,
                iteration,
                _variables(principal, wanted.text),
            )
        )
    except ExpressionError as problem:
        error = problem
    text = json.dumps(value, ensure_ascii=False)
    is_long = len(text) > MOST_VALUE_CHARACTERS
    partial = any(len(found) > MOST_ITEMS for found in (items, *data.lists(named.values())))
    return Shown(
        (value if isinstance(value, str) else text)[:MOST_VALUE_CHARACTERS] if is_long else value,
        error,
        len(items),
        partial,
        is_long,
        sorted(name for name, output in outputs.items() if output is None),
    )


def _variables(principal: Principal, text: str) -> dict[str, Any]:
    """Return the workspace's variables, where a text reads any."""
    if "$vars" not in text:
        return {}
    with rows_of(principal.tenant_id) as rows:
        return rows.variables.seen_in(rows.environments.all()[0])


@dataclass(frozen=True)
class _Data:
    """Outputs by node: what is pinned comes before what ran, which was in a round of a loop perhaps."""

    ran: Mapping[str, Ports]
    pinned: Mapping[str, Ports]
    rounds: Mapping[str, str]

    def of(self, node_id: str) -> Ports:
        return self.pinned.get(node_id) or self.ran.get(node_id) or {}

    def cut(self, node_id: str) -> Ports | None:
        if node_id not in self.ran and node_id not in self.pinned:
            return None
        return {port: without(items[:MOST_ITEMS]) for port, items in self.of(node_id).items()}

    def lists(self, node_ids: Iterable[str]) -> list[list[Any]]:
        return [items for node_id in node_ids for items in self.of(node_id).values()]


def _outputs(
    principal: Principal, storage: Callable[[], Storage], execution_id: uuid.UUID | None, node_ids: set[str]
) -> tuple[dict[str, Ports], dict[str, str]]:
    """Return what nodes gave in their latest runs, stored batches fetched, and in which rounds of loops."""
    if execution_id is None:
        return {}, {}
    with rows_of(principal.tenant_id) as rows:
        if rows.executions.find(execution_id) is None:
            raise codes.not_found("execution")
        runs = rows.node_runs.with_output(execution_id, node_ids)
    latest = {run.node_id: run for run in runs}
    outputs = {
        node_id: {port: resolved(batch, principal.tenant_id, storage) for port, batch in (run.output or {}).items()}
        for node_id, run in latest.items()
    }
    return outputs, {node_id: run.iteration for node_id, run in latest.items()}
