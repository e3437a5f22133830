"""Reading one execution and its node runs. Lists of them: `history`; what happened: `event_log`; data: `items`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from api.repositories.rows import Rows, rows_of
from api.services.retention import absent
from api.services.tokens import Principal
from stepweave.model.usage import Usage, added
from stepweave.runtime.starting import given_event_id
from stepweave_data.debugging import skipped_event_id
from stepweave_data.history.live import Steps
from stepweave_data.models import Execution, NodeRun, Workflow

MOST_CALLS: Final = 200
"""Executions that are shown of those that an execution's nodes called."""


@dataclass(frozen=True)
class Counts:
    """How many runs of a node there are, by how they ended; the others have not ended yet."""

    total: int
    succeeded: int
    failed: int


@dataclass(frozen=True)
class LatestRun:
    """A node's latest run, how many there are where it is in a loop, what it waits for where it does, and where its
    output is from where it was not made in this execution."""

    run: NodeRun
    counts: Counts | None
    waiting: dict[str, Any] | None
    source: dict[str, str] | None = None
    usage: Usage | None = None
    """Of all its runs."""


@dataclass(frozen=True)
class OneRun:
    """One of a node's runs, what it waits for, and what it used."""

    run: NodeRun
    waiting: dict[str, Any] | None
    usage: Usage | None


@dataclass(frozen=True)
class CalledExecution:
    """An execution that a node called."""

    id: uuid.UUID
    node_id: str
    iteration: str
    workflow_id: uuid.UUID
    workflow_name: str
    status: str


@dataclass(frozen=True)
class Detail:
    """An execution with its node runs, and the document that ran."""

    execution: Execution
    workflow_name: str
    node_runs: list["LatestRun"]
    document: dict[str, Any]
    calls: list["CalledExecution"]
    debug: bool = False
    """Whether it is a debug run."""

    @property
    def usage(self) -> Usage | None:
        """What all of its nodes used; None for nothing."""
        return reduce(added, (one.usage for one in self.node_runs if one.usage), Usage()) or None


def get_execution(principal: Principal, execution_id: uuid.UUID) -> Detail:
    """Return an execution. Raises Refused (`not_found`, `execution_deleted`)."""
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(execution_id)
        workflow = None if execution is None else rows.get(Workflow, execution.workflow_id)
        if execution is None or workflow is None:
            raise absent(rows, execution_id)
        document = execution.document
        if document is None:
            version = rows.versions.find(execution.workflow_id, execution.workflow_version)
            document = version.document if version is not None else workflow.document
        is_debug = rows.debugging.run(execution_id) is not None
        calls = _calls(rows, execution_id)
        return Detail(execution, workflow.name, _latest(rows, execution_id), document, calls, is_debug)


def list_node_runs(
    principal: Principal, execution_id: uuid.UUID, node_id: str, after: str | None, limit: int
) -> list[OneRun]:
    """Return a node's runs in the order of their iterations, behind one.

    Raises:
        Refused: `not_found`, `execution_deleted`.
    """
    behind = None if after is None else [int(part) for part in after.split(".") if part]
    with rows_of(principal.tenant_id) as rows:
        if rows.executions.find(execution_id) is None:
            raise absent(rows, execution_id)
        runs = rows.node_runs.of_node(execution_id, node_id, behind, limit)
        waiting = _waiting(rows, execution_id, runs)
        used = rows.usages.of_runs(execution_id, node_id, [run.iteration for run in runs])
        return [OneRun(run, waiting.get((run.node_id, run.iteration)), used.get(run.iteration)) for run in runs]


def _calls(rows: Rows, execution_id: uuid.UUID) -> list[CalledExecution]:
    """Return what an execution's nodes called, the latest first."""
    return [
        CalledExecution(one.id, one.parent_node_id or "", one.parent_iteration or "", one.workflow_id, name, one.status)
        for one, name in rows.executions.called_by(execution_id, MOST_CALLS)
    ]


def _latest(rows: Rows, execution_id: uuid.UUID) -> list[LatestRun]:
    """Return each node's latest run, in the order in which the nodes were reached."""
    found = rows.node_runs.latest(execution_id)
    runs = [run for run, *_ in found]
    waiting = _waiting(rows, execution_id, runs)
    given = [given_event_id(str(execution_id), run.node_id) for run in runs]
    given += [skipped_event_id(str(execution_id), run.node_id, run.iteration) for run in runs]
    sources = rows.executions.sources(execution_id, given)
    used = rows.usages.by_node(execution_id)
    return [
        LatestRun(
            run,
            Counts(*counts) if run.iteration else None,
            waiting.get((run.node_id, run.iteration)),
            sources.get(run.node_id),
            used.get(run.node_id),
        )
        for run, *counts in found
    ]


def _waiting(rows: Rows, execution_id: uuid.UUID, runs: Sequence[NodeRun]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what those of some runs that wait do wait for, by node and iteration."""
    waiting = [(run.node_id, run.iteration) for run in runs if run.status == "waiting"]
    return rows.executions.waiting(execution_id, waiting)


def waits_for(principal: Principal, executions: Sequence[Execution]) -> dict[uuid.UUID, str]:
    """Return for what those of some executions wait whose turn has not come (`ExecutionTurn.reason`)."""
    queued = [one.id for one in executions if one.status == "queued"]
    if not queued:
        return {}
    with rows_of(principal.tenant_id) as rows:
        return rows.executions.waits_for(queued)


def version_names(principal: Principal, executions: Sequence[Execution]) -> dict[tuple[uuid.UUID, int | None], str]:
    """Return what the versions are called that executions ran, by workflow and number; those without a name are not."""
    ran = {(one.workflow_id, one.workflow_version) for one in executions if one.workflow_version is not None}
    if not ran:
        return {}
    with rows_of(principal.tenant_id) as rows:
        return rows.versions.names(ran)


def named(execution: Execution, names: dict[tuple[uuid.UUID, int | None], str]) -> str:
    """Return what the version is called that an execution ran; empty for nothing."""
    return names.get((execution.workflow_id, execution.workflow_version), "")


def summary(
    execution: Execution,
    workflow_name: str,
    steps: Steps | None = None,
    cost: dict[str, Any] | None = None,
    waits_for: str | None = None,
    version_name: str = "",
) -> dict[str, Any]:
    """Return an execution as a list shows it (`api.schemas.executions.ExecutionSummary`)."""
    ended = execution.ended_at
    return {
        "id": execution.id,
        "workflow_id": execution.workflow_id,
        "workflow_name": workflow_name,
        "workflow_version": execution.workflow_version,
        "version_name": version_name,
        "mode": execution.mode,
        "trigger": execution.trigger,
        "status": execution.status,
        "environment": execution.environment,
        "started_at": execution.started_at,
        "ended_at": ended,
        "duration_ms": (ended - execution.started_at).total_seconds() * 1000 if ended else None,
        "error": execution.error,
        "steps": steps,
        "cost": cost,
        "waits_for": waits_for,
        "kept_at": execution.kept_at,
    }
