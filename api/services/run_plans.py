"""What a run by hand comes to: which document on which machine, from which trigger, with which items and outputs."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from api import codes
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services import seeding
from api.services.breakpoints import checked
from api.services.compiling import compile_document, triggers
from api.services.first_items import filled_in, first_items
from api.services.publishing import Publisher, live_target, places
from api.services.seeding import Part, Recorded
from api.services.tokens import Principal
from api.settings import settings
from stepweave.compiler.kind import STOP
from stepweave.model.environments import PRODUCTION
from stepweave.model.items import NodeOutput
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.starting import Seed, Target
from stepweave_data.models import CompiledMachine, Workflow, WorkflowVersion

Mode = Literal["draft", "live"]
WHOLE: Final = Part()
"""A run of the whole workflow, pinned data and all."""


@dataclass(frozen=True)
class Debug:
    """That a run stops on its way.

    Args:
        breakpoints: where (`api.services.breakpoints`).
        stepwise: whether before the first nodes.
        on_error: whether after steps that failed.
        stop_seconds: how long a stop waits.
    """

    breakpoints: list[dict[str, Any]]
    stepwise: bool
    on_error: bool
    stop_seconds: int


@dataclass(frozen=True)
class Wanted:
    """What a person asks for.

    Args:
        mode: the draft, or the published version.
        trigger_node_id: the trigger to start at; else the one of `part.from_execution_id`, else the manual one.
        items: what it starts with; None for those of `part.from_execution_id`, else what the trigger gives.
        part: which part of it.
        environment: where; without it a draft in the first environment, else where `part.from_execution_id` ran.
        debug: that it stops on its way.
    """

    mode: Mode = "draft"
    trigger_node_id: str | None = None
    items: list[Any] | None = None
    part: Part = WHOLE
    environment: str | None = None
    debug: Debug | None = None


@dataclass(frozen=True)
class Plan:
    """What will run. `seed` has what nodes give that do not run, `origin` the execution that the work began with."""

    workflow_id: uuid.UUID
    mode: Mode
    document: dict[str, Any]
    target: Target
    node_id: str
    items: list[Any]
    seed: Seed
    origin: str
    compiled_hash: str
    """Of the machine, which stays while the execution is open."""
    debug: Debug | None = None


@dataclass(frozen=True)
class Planner:
    """Makes plans. It publishes machines where a run needs one, and starts nothing."""

    publisher: Publisher
    claims: Callable[[], Claims]

    def plan(self, principal: Principal, workflow: Workflow, wanted: Wanted) -> Plan:
        """Return what a run comes to.

        Raises:
            Refused: `workflow_invalid`, `not_published`, `data_gone`, `no_trigger`, `unknown_execution`,
                `invalid_request` for what a form does not take, and as in `seeding.seeded`.
        """
        recorded = _recorded(principal, workflow, wanted.part)
        if wanted.debug is not None:
            _check_stops(workflow, wanted, wanted.debug, recorded)
        document, target, seed, machine = self._target(principal, workflow, wanted, recorded)
        self._check_there(principal, document, seed)
        node_id = _trigger(document, wanted.trigger_node_id or _fired(document, recorded))
        items = wanted.items
        if items is None:
            items = self._items(principal, recorded.get(node_id))
        if items is None:
            items = first_items(Document.model_validate(document), node_id)
            wanted = replace(wanted, items=items)
        if wanted.items is not None:
            items = filled_in(Document.model_validate(document), node_id, items)
        origin = _origin(principal, wanted.part)
        return Plan(
            workflow.id,
            wanted.mode,
            document,
            target,
            node_id,
            items,
            seed,
            origin,
            machine.compiled_hash,
            wanted.debug,
        )

    def _target(
        self, principal: Principal, workflow: Workflow, wanted: Wanted, recorded: Recorded
    ) -> tuple[dict[str, Any], Target, Seed, CompiledMachine]:
        """Return the document that runs, what starts it, what nodes give that do not run, and the machine."""
        where = _environment(principal, wanted)
        if wanted.mode == "draft":
            stops = wanted.debug is not None
            return self._part(principal, workflow, workflow.document, None, wanted.part, recorded, where, stops=stops)
        version = _published(principal, workflow, where)
        part = replace(wanted.part, pinned=False)
        if seeding.seeded(Document.model_validate(version.document), part, recorded).partial:
            return self._part(principal, workflow, version.document, version.number, part, recorded, where)
        machine = self.publisher.live_machine(principal, workflow, version, where)
        document = Document.model_validate(version.document)
        return version.document, live_target(workflow, machine, version.number, document, where), {}, machine

    def _part(
        self,
        principal: Principal,
        workflow: Workflow,
        document: dict[str, Any],
        number: int | None,
        part: Part,
        recorded: Recorded,
        where: str,
        *,
        stops: bool = False,
    ) -> tuple[dict[str, Any], Target, Seed, CompiledMachine]:
        """Return as `_target`, for a machine that is compiled for this run."""
        parsed = Document.model_validate(document)
        seeded = seeding.seeded(parsed, part, recorded)
        compile_document(document)  # the whole must be without errors, whatever part of it runs
        options = seeded.options(settings().prefix) if seeded.partial else None
        compiled = document
        if stops:
            # Every node asks whether it stops, so all debug runs of a draft are one machine; Express ones cannot wait.
            options = replace(options or seeded.options(settings().prefix), optimise=0, around=_everywhere(parsed))
            compiled = {**document, "settings": {**document.get("settings", {}), "mode": "standard"}}
        machine = self.publisher.machine_of(principal, workflow, compiled, options)
        target = live_target(workflow, machine, number, parsed, where)
        target = replace(target, machine_arn=machine.version_arn, concurrency=None)
        return document, target, seeded.given, machine

    def _check_there(self, principal: Principal, document: dict[str, Any], seed: Seed) -> None:
        """Raise Refused (`data_gone`) where the data of a node that will not run is stored no longer."""
        names = {node["id"]: node["name"] for node in document["nodes"]}
        for node_id, given in seed.items():
            for batch in (given["output"] or {}).values():
                try:
                    self.claims().check_there(batch, str(principal.tenant_id))
                except NodeError as error:
                    detail = (
                        f"The data of {names.get(node_id, node_id)!r} cannot be taken from that execution: "
                        f"{error.message} Start further up, or run the whole workflow."
                    )
                    raise Refused(codes.DATA_GONE, detail, nodeId=node_id) from error

    def _items(self, principal: Principal, output: NodeOutput | None) -> list[Any] | None:
        """Return the items that a trigger gave, or None. Raises Refused (`data_gone`)."""
        if not output:
            return None
        try:
            return list(self.claims().fetch(next(iter(output.values())), str(principal.tenant_id)))
        except NodeError as error:
            raise Refused(codes.DATA_GONE, f"The execution's first items: {error.message}") from error


def _check_stops(workflow: Workflow, wanted: Wanted, debug: Debug, recorded: Recorded) -> None:
    """Raise Refused where a debug run cannot stop as it should."""
    if wanted.mode != "draft":
        raise Refused(codes.INVALID_REQUEST, "A debug run is of the draft; run the draft, or leave `debug` out.")
    document = Document.model_validate(workflow.document)
    given = seeding.seeded(document, wanted.part, recorded).given
    sources = {node_id: one["source"] for node_id, one in given.items()}
    checked(document, debug.breakpoints, given=sources, field="debug.breakpoints")


def _everywhere(document: Document) -> dict[str, str]:
    return {node.id: STOP for node in document.nodes}


def _environment(principal: Principal, wanted: Wanted) -> str:
    """Return where it runs. Raises Refused (`not_found`) for an environment that is not there."""
    if wanted.environment is not None:
        return places.find(principal, wanted.environment).key
    if wanted.mode == "draft":
        return places.first(principal)
    if wanted.part.from_execution_id is None:
        return PRODUCTION
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(uuid.UUID(wanted.part.from_execution_id))
        return execution.environment if execution is not None and execution.mode == "live" else PRODUCTION


def _published(principal: Principal, workflow: Workflow, where: str) -> WorkflowVersion:
    with rows_of(principal.tenant_id) as rows:
        live = rows.environments.live(workflow.id, where) if where != PRODUCTION else None
        number = workflow.published_version if where == PRODUCTION else live.version if live else None
        version = rows.versions.find(workflow.id, number)
    if version is None and where != PRODUCTION:
        raise Refused(codes.NOT_PUBLISHED, f"No version of the workflow is live in {where!r}; make one live there.")
    if version is None:
        raise Refused(codes.NOT_PUBLISHED, "The workflow is not published; publish it, or run the draft.")
    return version


def _recorded(principal: Principal, workflow: Workflow, part: Part) -> Recorded:
    """Return the outputs of the execution that a run takes its data from. Raises Refused (`unknown_execution`)."""
    if part.from_execution_id is None:
        return {}
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(uuid.UUID(part.from_execution_id))
        if execution is None or execution.workflow_id != workflow.id:
            raise Refused(codes.UNKNOWN_EXECUTION, "There is no such execution of this workflow.")
        runs = rows.node_runs.outside_loops(execution.id)
        return {run.node_id: run.output if run.status == "succeeded" else None for run in runs}


def _origin(principal: Principal, part: Part) -> str:
    """Return the id of the execution that the work began with, where a failed one is gone on with."""
    if part.from_execution_id is None or part.start_node_id is None:
        return ""
    id = part.from_execution_id
    with rows_of(principal.tenant_id) as rows:
        told = rows.executions.event_data(uuid.UUID(id), f"{id}-started")
    trigger = (told or {}).get("trigger") or {}
    return str(trigger.get("origin") or id)


def _fired(document: dict[str, Any], recorded: Recorded) -> str | None:
    """Return the trigger that fired in an earlier execution, where it still is one."""
    found = triggers(Document.model_validate(document))
    return next((node.id for node in found if recorded.get(node.id)), None)


def _trigger(document: dict[str, Any], wanted: str | None) -> str:
    """Return the trigger to start at: the one asked for, else the manual one, else the first."""
    found = triggers(Document.model_validate(document))
    if wanted is not None:
        if all(node.id != wanted for node in found):
            raise Refused(codes.NO_TRIGGER, f"There is no trigger node {wanted!r} that is not disabled.")
        return wanted
    if not found:
        raise Refused(codes.NO_TRIGGER, "The workflow has no trigger that is not disabled; add one.")
    return next((node.id for node in found if node.type == "manual_trigger"), found[0].id)
