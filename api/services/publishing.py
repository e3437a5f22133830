"""Publishing: a draft becomes an immutable version, and the alias `live` moves to it.

Everything AWS must have is made first and can be made again; the database's transaction, which registers webhooks and
schedules, commits last but for the alias. Whatever fails before leaves the former version live.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import redis
from sqlalchemy import and_, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import codes
from api.logs import logger
from api.ports import Schedules, StateMachines
from api.refusals import Refused
from api.services import workflows
from api.services.compiling import catalogue, compile_document
from api.services.cron import first_fire, schedule_expressions
from api.services.tokens import Principal
from api.settings import settings
from stepweave.aws.control.state_machines import Published
from stepweave.compiler import Compiled, CompileOptions
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.node import TriggerKind
from stepweave.spec.schedules import find_zone, zone_invalid
from stepweave_data import redis_keys as keys
from stepweave_data.database import tenant_session
from stepweave_data.models import CompiledMachine, Schedule, Tenant, Webhook, Workflow, WorkflowVersion


@dataclass(frozen=True)
class _Clock:
    """A schedule as a value, which outlives a transaction that fails."""

    id: str
    tenant_id: str
    expression: str
    time_zone: str
    names: tuple[str, ...]
    enabled: bool

    @classmethod
    def of(cls, row: Schedule) -> "_Clock":
        """Return a row's values."""
        return cls(str(row.id), str(row.tenant_id), row.expression, row.time_zone, tuple(row.names), row.enabled)


@dataclass(frozen=True)
class _Schedules:
    """A workflow's schedules: before, as they are to be, and the names nobody uses any more."""

    former: list[_Clock]
    made: list[_Clock]
    removed: list[str]

    @property
    def known(self) -> set[str]:
        """The names that were there before."""
        return {name for clock in self.former for name in clock.names}


@dataclass(frozen=True)
class Publisher:
    """Publishes workflows of one deployment."""

    machines: Callable[[], StateMachines]
    schedules: Callable[[], Schedules]
    redis: redis.Redis

    def publish(self, principal: Principal, workflow_id: uuid.UUID, note: str = "") -> WorkflowVersion:
        """Publish the draft.

        Raises:
            Refused: 422 with diagnostics; 409 `webhook_taken`, `draft_moved`; 404.
            AwsError: AWS refused or did not answer; the former version is live.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        machine = self.machine_of(principal, workflow)

        def made(session: Session) -> WorkflowVersion:
            return _new_version(session, principal, workflow, machine, note)

        return self._go_live(principal, workflow, workflow.document, machine, made)

    def publish_version(self, principal: Principal, workflow_id: uuid.UUID, number: int) -> WorkflowVersion:
        """Make a version live again, with the machine it had. Raises as `publish`, and Refused 404 for the version."""
        workflow = workflows.get_workflow(principal, workflow_id)
        with tenant_session(principal.tenant_id) as session:
            version = workflows.find_version(session, workflow_id, number)
            machine = session.get_one(CompiledMachine, (workflow_id, version.compiled_hash))

        def again(session: Session) -> WorkflowVersion:
            # The row's lock puts two publishers one after the other.
            session.get_one(Workflow, workflow_id, with_for_update=True).published_version = number
            return version

        return self._go_live(principal, workflow, version.document, machine, again)

    def _go_live(
        self,
        principal: Principal,
        workflow: Workflow,
        content: dict[str, Any],
        machine: CompiledMachine,
        decided: Callable[[Session], WorkflowVersion],
    ) -> WorkflowVersion:
        """Move everything that starts a workflow to a document; `decided` makes or finds its version and notes it."""
        document = Document.model_validate(content)
        schedules = _planned_schedules(document)
        try:
            # What AWS was told is taken back when a later call, or the commit, fails.
            with ExitStack() as undo:
                with tenant_session(principal.tenant_id) as session:
                    former = _live_machine(session, workflow)
                    version = decided(session)
                    target = live_target(workflow, machine, version.number, document)
                    hooks = _replace_webhooks(session, workflow, document, target)
                    old = _replace_schedules(session, workflow, schedules, target)
                    workflows.audit(session, principal, "workflow.published", workflow.id, version=version.number)
                    session.flush()
                    undo.callback(self._restore_schedules, old)
                    for clock in old.made:
                        self._put_schedule(clock)
                    if former is not None:
                        undo.callback(self._point_back, former)
                    self.machines().point(machine.state_machine_arn, machine.version_arn)
                undo.pop_all()
        except IntegrityError as error:
            if "webhooks_tenant_id_method_path_key" not in str(error.orig):
                raise
            raise self._taken(principal, workflow, document) from None
        self._forget(principal, hooks)
        self._remove_schedules(old.removed)
        return version

    def switch(self, principal: Principal, workflow_id: uuid.UUID, *, enabled: bool) -> None:
        """Switch a published workflow on or off: off, neither webhooks nor schedules nor other workflows start it.

        Raises:
            Refused: 404; 409 `not_published`.
        """
        with tenant_session(principal.tenant_id) as session:
            workflow = workflows.find(session, workflow_id)
            if workflow.published_version is None:
                detail = f"{workflow.name!r} is a draft: nothing starts it by itself. Publish it first."
                raise Refused(codes.NOT_PUBLISHED, detail)
            workflow.enabled = enabled
            workflows.audit(session, principal, f"workflow.{'enabled' if enabled else 'disabled'}", workflow_id)
            found = session.scalars(select(Webhook).where(Webhook.workflow_id == workflow_id))
            hooks = {(hook.method, hook.path) for hook in found}
        self._forget(principal, hooks)

    def pause(self, principal: Principal, schedule_id: uuid.UUID, *, paused: bool) -> None:
        """Pause a schedule, or let it fire again. Publishing leaves a paused one paused. Raises Refused (404)."""
        with tenant_session(principal.tenant_id) as session:
            schedule = session.get(Schedule, schedule_id)
            if schedule is None:
                raise codes.not_found("schedule")
            schedule.enabled = not paused
            action = f"schedule.{'paused' if paused else 'resumed'}"
            workflows.audit(session, principal, action, schedule.workflow_id, schedule=str(schedule_id))
            # Where AWS cannot be told, nothing is changed: the row and the schedule go together.
            self._put_schedule(_Clock.of(schedule))

    def unpublish(self, principal: Principal, workflow_id: uuid.UUID, *, remove: bool = False) -> None:
        """Take a workflow's webhooks and schedules away; with `remove`, delete it too. Raises Refused (404)."""
        with tenant_session(principal.tenant_id) as session:
            workflow = workflows.find(session, workflow_id)
            removed = list(session.scalars(select(Webhook).where(Webhook.workflow_id == workflow_id)))
            hooks = {(hook.method, hook.path) for hook in removed}
            names = [
                name
                for schedule in session.scalars(select(Schedule).where(Schedule.workflow_id == workflow_id))
                for name in schedule.names
            ]
            session.execute(delete(Webhook).where(Webhook.workflow_id == workflow_id))
            session.execute(delete(Schedule).where(Schedule.workflow_id == workflow_id))
            workflow.published_version = None
            workflow.enabled = True
            workflows.audit(session, principal, "workflow.unpublished", workflow_id)
            if remove:
                workflows.delete_workflow(session, principal, workflow_id)
        self._forget(principal, hooks)
        self._remove_schedules(names)

    def machine_of(
        self,
        principal: Principal,
        workflow: Workflow,
        document: dict[str, Any] | None = None,
        options: CompileOptions | None = None,
    ) -> CompiledMachine:
        """Return a document as a state-machine version, publishing it only where its hash is new.

        Args:
            principal: who asks.
            workflow: whose machine it is.
            document: the draft, unless given.
            options: of a run of a part.

        Raises:
            Refused: 422 with diagnostics.
        """
        compiled = compile_document(workflow.document if document is None else document, options)
        with tenant_session(principal.tenant_id) as session:
            known = session.get(CompiledMachine, (workflow.id, compiled.hash))
        if known is not None:
            return known
        kind = compiled.type.lower()
        name = f"{settings().prefix}-{workflow.id}-{kind}"
        made = self._published(name, kind, compiled)
        machine = CompiledMachine(
            tenant_id=principal.tenant_id,
            workflow_id=workflow.id,
            compiled_hash=compiled.hash,
            machine_type=kind,
            state_machine_arn=made.state_machine_arn,
            version_arn=made.version_arn,
            definition=compiled.definition,
            states=dict(compiled.states),
        )
        with tenant_session(principal.tenant_id) as session:
            return session.merge(machine)

    def _published(self, name: str, kind: str, compiled: Compiled) -> Published:
        """Publish a machine after those nested in it, whose versions' ARNs take the places kept for them."""
        versions: dict[str, str] = {}

        def whole(definition: Mapping[str, Any]) -> str:
            text = json.dumps(definition)
            for placeholder, version in versions.items():
                text = text.replace(f'"{placeholder}"', f'"{version}"')
            return text

        note = compiled.hash[:64]
        for number, part in enumerate(compiled.machines):
            made = self.machines().publish(f"{name}-part{number}", kind, whole(part.definition), note)
            versions[part.placeholder] = made.version_arn
        return self.machines().publish(name, kind, whole(compiled.definition), note)

    def _put_schedule(self, clock: _Clock) -> None:
        payload = {"tenantId": clock.tenant_id, "scheduleId": clock.id}
        start = first_fire(clock.expression, clock.time_zone, datetime.now(UTC))
        for name, expression in zip(clock.names, schedule_expressions(clock.expression), strict=True):
            self.schedules().put(name, expression, clock.time_zone, payload, enabled=clock.enabled, start=start)

    def _restore_schedules(self, old: _Schedules) -> None:
        """Bring EventBridge back to what the database goes on saying."""
        for clock in old.former:
            try:
                self._put_schedule(clock)
            except Exception as error:  # the failure that led here is the one to tell
                logger().error("a schedule could not be put back", schedule=clock.id, error=repr(error))
        self._remove_schedules(sorted({name for clock in old.made for name in clock.names} - old.known))

    def _point_back(self, former: Published) -> None:
        try:
            self.machines().point(former.state_machine_arn, former.version_arn)
        except Exception as error:  # the failure that led here is the one to tell
            logger().error("`live` could not be moved back", machine=former.state_machine_arn, error=repr(error))

    def _remove_schedules(self, names: list[str]) -> None:
        """Remove schedules that nothing refers to any more. One that stays finds nothing to start."""
        for name in names:
            try:
                self.schedules().delete(name)
            except Exception as error:  # whatever the adapter raises: the starter ignores its firings
                logger().warning("a schedule could not be removed", schedule=name, error=repr(error))

    def _forget(self, principal: Principal, hooks: set[tuple[str, str]]) -> None:
        """Make the webhook function look again. Without Redis it does so within a minute by itself."""
        if not hooks:
            return
        with tenant_session(principal.tenant_id) as session:
            slug = session.get_one(Tenant, principal.tenant_id).slug
        try:
            self.redis.delete(*{keys.hook(slug, path) for _, path in hooks})
        except redis.RedisError as error:
            logger().warning("webhook cache not cleared", error=repr(error))

    def _taken(self, principal: Principal, workflow: Workflow, document: Document) -> Refused:
        with tenant_session(principal.tenant_id) as session:
            for node in triggers(document, TriggerKind.WEBHOOK):
                other = session.execute(
                    select(Workflow.name, Webhook.path, Webhook.method)
                    .join(Webhook, Webhook.workflow_id == Workflow.id)
                    .where(
                        Webhook.path == node.params["path"],
                        Webhook.method == node.params.get("method", "POST"),
                        Workflow.id != workflow.id,
                    )
                ).first()
                if other is not None:
                    detail = (
                        f"{other.method} /{other.path} belongs to the workflow {other.name!r}; choose another path."
                    )
                    errors = [{"field": "params.path", "message": detail, "nodeId": node.id}]
                    return Refused(codes.WEBHOOK_TAKEN, detail, errors)
        detail = "Two webhooks of this workflow have the same method and path; change one."
        return Refused(codes.WEBHOOK_TAKEN, detail)


def live_target(workflow: Workflow, machine: CompiledMachine, number: int | None, document: Document) -> Target:
    """Return the start target of a workflow's alias `live`, with the settings of what it runs."""
    return Target(
        tenant_id=str(workflow.tenant_id),
        workflow_id=str(workflow.id),
        workflow_name=workflow.name,
        workflow_version=number,
        machine_arn=f"{machine.state_machine_arn}:live",
        machine_type="express" if machine.machine_type == "express" else "standard",
        time_zone=document.settings.time_zone,
        concurrency=document.settings.concurrency,
    )


def triggers(document: Document, kind: TriggerKind | None = None) -> list[Node]:
    """Return the trigger nodes of a document that are not disabled, of one kind where given."""
    found = []
    for node in document.nodes:
        entry = catalogue().get(node.type, node.version)
        if entry is None or entry.trigger is None or node.settings.disabled:
            continue
        if kind is None or entry.trigger is kind:
            found.append(node)
    return found


def _live_machine(session: Session, workflow: Workflow) -> Published | None:
    """Return what `live` points at, as a value that outlives the session; None for a workflow that is not published."""
    found = session.execute(
        select(CompiledMachine.state_machine_arn, CompiledMachine.version_arn)
        .join(
            WorkflowVersion,
            and_(
                WorkflowVersion.workflow_id == CompiledMachine.workflow_id,
                WorkflowVersion.compiled_hash == CompiledMachine.compiled_hash,
            ),
        )
        .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
        .where(Workflow.id == workflow.id, WorkflowVersion.number == Workflow.published_version)
    ).one_or_none()
    return None if found is None else Published(*found)


def _new_version(
    session: Session, principal: Principal, workflow: Workflow, machine: CompiledMachine, note: str
) -> WorkflowVersion:
    # The row's lock puts two publishers one after the other.
    locked = session.get_one(Workflow, workflow.id, with_for_update=True)
    if locked.revision != workflow.revision:
        raise Refused(codes.DRAFT_MOVED, "The draft was saved while it was being published; publish again.")
    number = (
        session.scalar(select(func.max(WorkflowVersion.number)).where(WorkflowVersion.workflow_id == workflow.id)) or 0
    ) + 1
    version = WorkflowVersion(
        tenant_id=principal.tenant_id,
        workflow_id=workflow.id,
        number=number,
        document=workflow.document,
        compiled_hash=machine.compiled_hash,
        note=note,
        created_by=principal.user_id,
    )
    session.add(version)
    locked.published_version = number
    session.flush()
    session.refresh(version)
    return version


def _replace_webhooks(session: Session, workflow: Workflow, document: Document, target: Target) -> set[tuple[str, str]]:
    """Register the document's webhooks in place of the former ones; return all that changed."""
    former = select(Webhook).where(Webhook.workflow_id == workflow.id)
    changed = {(hook.method, hook.path) for hook in session.scalars(former)}
    session.execute(delete(Webhook).where(Webhook.workflow_id == workflow.id))
    for node in triggers(document, TriggerKind.WEBHOOK):
        params = node.params
        method, path = params.get("method", "POST"), params["path"]
        authentication = params.get("authentication", "none")
        details: dict[str, Any] = {
            "start": asdict(target),
            "nodeId": node.id,
            "respond": params.get("respond", "immediately"),
            "bodyType": params.get("bodyType", "json") if method in ("POST", "PUT", "PATCH") else "any",
            "maxBodyKb": params.get("maxBodyKb", 1024),
            "authentication": authentication,
            "origins": params.get("allowedOrigins", "*"),
            "rawBody": params.get("rawBody", False),
        }
        if authentication != "none":
            details["credentialId"] = params.get(f"{authentication}Credential", "")
        hook = Webhook(tenant_id=workflow.tenant_id, workflow_id=workflow.id, node_id=node.id)
        hook.method, hook.path, hook.target = method, path, details
        session.add(hook)
        changed.add((method, path))
    return changed


def _planned_schedules(document: Document) -> list[tuple[Node, str, str, int]]:
    """Return (node, expression, time zone, number of Scheduler expressions). Raises Refused (422)."""
    planned = []
    for node in triggers(document, TriggerKind.SCHEDULE):
        expression = node.params.get("expression", "0 9 * * 1-5")
        zone = node.params.get("timeZone") or document.settings.time_zone
        if find_zone(zone) is None:
            raise _schedule_problem(node, "timeZone", zone_invalid(zone))
        try:
            planned.append((node, expression, zone, len(schedule_expressions(expression))))
        except ScheduleInvalid as error:
            raise _schedule_problem(node, "expression", error) from None
    return planned


def _schedule_problem(node: Node, field: str, error: ScheduleInvalid) -> Refused:
    """Return what refuses a version whose schedule was taken when it was published first, and is not any more."""
    diagnostic = {
        "code": "schedule_invalid",
        "severity": "error",
        "message": error.message,
        "remedy": error.remedy,
        "nodeId": node.id,
        "field": f"params.{field}",
    }
    return Refused(codes.WORKFLOW_INVALID, error.message, diagnostics=[diagnostic])


def _replace_schedules(
    session: Session, workflow: Workflow, planned: list[tuple[Node, str, str, int]], target: Target
) -> _Schedules:
    """Keep one row per schedule node, so that a schedule keeps its name; return those there are and names to remove."""
    former = {row.node_id: row for row in session.scalars(select(Schedule).where(Schedule.workflow_id == workflow.id))}
    before = [_Clock.of(row) for row in former.values()]
    removed: list[str] = []
    made: list[_Clock] = []
    for node, expression, zone, count in planned:
        schedule = former.pop(node.id, None)
        if schedule is None:
            schedule = Schedule(id=uuid.uuid4(), tenant_id=workflow.tenant_id, workflow_id=workflow.id, node_id=node.id)
            schedule.names, schedule.enabled = [], True
            session.add(schedule)
        names = [str(schedule.id), f"{schedule.id}-or"][:count]
        removed += [name for name in schedule.names if name not in names]
        schedule.expression, schedule.time_zone, schedule.names = expression, zone, names
        schedule.target = asdict(target)
        made.append(_Clock.of(schedule))
    for schedule in former.values():
        removed += schedule.names
        session.delete(schedule)
    return _Schedules(before, made, removed)
