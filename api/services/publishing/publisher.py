"""The way of a publish, and of what undoes it. One at a time for each workflow; the others wait.

Longer than other files: what goes live and what is taken back stand side by side, in the order in which they happen.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import redis

from api import codes, ports
from api.refusals import Refused
from api.repositories.rows import Busy, Duplicate, Rows, alone, rows_of
from api.services import workflows
from api.services.belonging import check_own
from api.services.publishing import (
    gates,
    pages,
    places,
    polling,
    readiness,
    registrations,
    switching,
    versions,
    webhooks,
)
from api.services.publishing import schedules as planning
from api.services.publishing.machines import Machines, live_target
from api.services.publishing.polling import Polls, Watch
from api.services.publishing.registrations import Providers, registered
from api.services.publishing.schedules import Clock, Clocks
from api.services.tokens import Principal
from stepweave.compiler import CompileOptions
from stepweave.model.environments import PRODUCTION
from stepweave.model.workflow import Workflow as Document
from stepweave_data.listening.registered import Registered
from stepweave_data.models import CompiledMachine, Registration, Schedule, Workflow, WorkflowVersion
from stepweave_data.vaulting import KeyService


@dataclass(frozen=True)
class Publisher:
    """Publishes workflows of one deployment."""

    machines: Callable[[], ports.StateMachines]
    schedules: Callable[[], ports.Schedules]
    redis: redis.Redis
    functions: Callable[[], ports.NodeFunctions]
    keys: Callable[[], KeyService]
    content_url: str

    def publish(
        self, principal: Principal, workflow_id: uuid.UUID, said: versions.Said = versions.NOTHING
    ) -> WorkflowVersion:
        """Publish the draft: a new version is live in the first environment.

        Raises:
            Refused: `not_found`; `approval_needed`; `not_ready` with `needs`;
                `workflow_invalid`, `trigger_refused`, `trigger_unavailable`
                with diagnostics;
                `credential_elsewhere`, `webhook_taken`, `draft_moved`, `publishing`.
            AwsError: AWS refused or did not answer; the former version is live.
        """
        with _alone(workflow_id):
            workflow = workflows.get_workflow(principal, workflow_id)
            check_own(principal, workflow, workflow.document)
            where = places.first(principal)
            gates.check(principal, workflow_id, where)
            readiness.check(principal, workflow, workflow.document, where)
            machine = self.machine_of(principal, workflow)
            made = versions.new(principal, workflow, machine, said, where)
            return self._go_live(principal, workflow, workflow.document, machine, made, where)

    def keep(
        self,
        principal: Principal,
        workflow_id: uuid.UUID,
        said: versions.Said,
        environment: str,
        then: Callable[[Rows, WorkflowVersion], None],
    ) -> None:
        """Make a version of the draft that is live nowhere, and do what is to be done with it in its transaction.

        Raises as `publish`.
        """
        with _alone(workflow_id):
            workflow = workflows.get_workflow(principal, workflow_id)
            check_own(principal, workflow, workflow.document)
            readiness.check(principal, workflow, workflow.document, environment)
            machine = self.machine_of(principal, workflow)
            with rows_of(principal.tenant_id) as rows:
                then(rows, versions.new(principal, workflow, machine, said, None)(rows))

    def publish_version(
        self,
        principal: Principal,
        workflow_id: uuid.UUID,
        number: int,
        environment: str = PRODUCTION,
        *,
        emergency: bool = False,
        warrant: gates.Warrant | None = None,
    ) -> WorkflowVersion:
        """Make a version live somewhere, or live again, with the machine it had, or its like where that is gone.

        Raises as `publish`, and `not_allowed` for an emergency that is none of the caller's.
        """
        with _alone(workflow_id):
            workflow = workflows.get_workflow(principal, workflow_id)
            with rows_of(principal.tenant_id) as rows:
                version = workflows.find_version(rows, workflow_id, number)
                if warrant:
                    warrant.check(rows)
            check_own(principal, workflow, version.document)
            places.find(principal, environment)
            urgent = warrant is None and gates.check(principal, workflow_id, environment, number, emergency=emergency)
            readiness.check(principal, workflow, version.document, environment)
            machine = Machines(self.machines).of_version(principal, workflow, version)
            decide = versions.again(principal, version, machine, environment, warrant.use if warrant else None)
            return self._go_live(principal, workflow, version.document, machine, decide, environment, urgent=urgent)

    def live_machine(
        self, principal: Principal, workflow: Workflow, version: WorkflowVersion, environment: str = PRODUCTION
    ) -> CompiledMachine:
        """Return the machine of a version that is live (in production `live` leads to it); made again where it is gone.

        Raises:
            Refused: `publishing`; `workflow_invalid`, where it would not be published any more.
            AwsError: AWS refused or did not answer.
        """
        with rows_of(principal.tenant_id) as rows:
            known = rows.machines.used(workflow.id, version.compiled_hash)
        if known is not None:
            return known
        with _alone(workflow.id):
            machine = Machines(self.machines).of_version(principal, workflow, version)
            if environment == PRODUCTION:
                Machines(self.machines).point(machine)
            with rows_of(principal.tenant_id) as rows:
                versions.again(principal, version, machine, environment)(rows)
            return machine

    def take_down(self, principal: Principal, workflow_id: uuid.UUID, environment: str) -> None:
        """Take what starts a workflow in an environment away; in production that is `unpublish`.

        Raises:
            Refused: `not_found`, `publishing`.
        """
        if environment == PRODUCTION:
            self.unpublish(principal, workflow_id)
            return
        with _alone(workflow_id):
            self._taken_down(principal, workflow_id, environment, noted=True)

    def unpublish(
        self, principal: Principal, workflow_id: uuid.UUID, *, remove: bool = False, later: bool = False
    ) -> None:
        """Take a workflow's webhooks, schedules and triggers away; with `remove`, delete it too.

        Args:
            principal: who asks.
            workflow_id: of the workflow.
            remove: whether it is deleted.
            later: whether providers are told of its triggers by the sweeper, for one of many workflows.

        Raises:
            Refused: `not_found`, `publishing`.
        """
        with _alone(workflow_id):
            if remove:
                with rows_of(principal.tenant_id) as rows:
                    elsewhere = [one.environment for one in rows.environments.live_of(workflow_id)]
                for environment in elsewhere:
                    self._taken_down(principal, workflow_id, environment, later=later)
            with rows_of(principal.tenant_id) as rows:
                workflow = workflows.find(rows, workflow_id)
                slug = rows.workflows.slug(principal.tenant_id)
                called = [place for hook in rows.webhooks.of(workflow_id) for place in webhooks.places_of(hook)]
                former = _clocks(rows, workflow_id)
                listening = [registered(row) for row in rows.registrations.active(workflow_id)]
                rows.webhooks.replace(workflow_id, [])
                rows.schedules.replace(workflow_id, [])
                rows.triggers.forget(workflow_id)
                rows.polls.drop(workflow_id, but=[])
                seconds = 0 if later else registrations.LEAVING_SECONDS
                rows.registrations.leave(workflow_id, but=[], seconds=seconds, tests=remove)
                _used_until_now(rows, workflow_id)
                workflow.published_version = None
                workflow.enabled = True
                rows.note(principal.user_id, "workflow.unpublished", workflow_id)
                if remove:
                    workflows.delete_workflow(rows, principal, workflow_id)
            webhooks.forget(self.redis, slug, called)
            registrations.forget(self.redis, slug, listening)
            self._clocks.remove(planning.gone(former, []))
            if not later:
                self._providers(principal, slug).leave(listening)

    def _taken_down(
        self,
        principal: Principal,
        workflow_id: uuid.UUID,
        environment: str,
        *,
        later: bool = False,
        noted: bool = False,
    ) -> None:
        """Take a workflow out of an environment besides production. Raises Refused: `not_found`."""
        with rows_of(principal.tenant_id) as rows:
            workflows.find(rows, workflow_id)
            live = rows.environments.live(workflow_id, environment)
            if live is None:
                raise codes.not_found("live version")
            slug = rows.workflows.slug(principal.tenant_id)
            called = [
                place for hook in rows.webhooks.of(workflow_id, environment) for place in webhooks.places_of(hook)
            ]
            former = _clocks(rows, workflow_id, environment)
            listening = [registered(row) for row in rows.registrations.active(workflow_id, environment)]
            rows.webhooks.replace(workflow_id, [], environment)
            rows.schedules.replace(workflow_id, [], environment)
            rows.polls.drop(workflow_id, but=[], environment=environment)
            seconds = 0 if later else registrations.LEAVING_SECONDS
            rows.registrations.leave(workflow_id, but=[], seconds=seconds, environment=environment)
            rows.delete(live)
            if noted:
                rows.note(principal.user_id, "workflow.unpublished", workflow_id, environment=environment)
        webhooks.forget(self.redis, slug, called)
        registrations.forget(self.redis, slug, listening)
        self._clocks.remove(planning.gone(former, []))
        if not later:
            self._providers(principal, slug, environment).leave(listening)

    def switch(
        self, principal: Principal, workflow_id: uuid.UUID, *, enabled: bool, environment: str = PRODUCTION
    ) -> None:
        """Switch a published workflow on or off: off, neither webhooks nor schedules nor other workflows start it.

        Raises:
            Refused: `not_found`, `not_published`.
        """
        with rows_of(principal.tenant_id) as rows:
            workflow = workflows.find(rows, workflow_id)
            row = versions.switched(rows, workflow, environment)
            if row is None:
                detail = f"{workflow.name!r} is a draft: nothing starts it by itself. Publish it first."
                raise Refused(codes.NOT_PUBLISHED, detail)
            row.enabled = enabled
            told: dict[str, Any] = {} if row is workflow else {"environment": environment}
            rows.note(principal.user_id, f"workflow.{'enabled' if enabled else 'disabled'}", workflow_id, **told)
            slug = rows.workflows.slug(principal.tenant_id)
            called = [
                place for hook in rows.webhooks.of(workflow_id, environment) for place in webhooks.places_of(hook)
            ]
            listening = [registered(row) for row in rows.registrations.active(workflow_id, environment)]
        webhooks.forget(self.redis, slug, called)
        registrations.forget(self.redis, slug, listening)

    def pause(self, principal: Principal, schedule_id: uuid.UUID, *, paused: bool) -> None:
        """Pause a schedule or a trigger that polls, or let it go on. Publishing leaves a paused one paused.

        Raises:
            Refused: `not_found`, `publishing`.
            AwsError: EventBridge could not be told; nothing has changed.
        """
        with _alone(_clock(principal, schedule_id).workflow_id), ExitStack() as undo:
            former = _clock(principal, schedule_id)
            clock = replace(former, enabled=not paused)
            undo.callback(self._clocks.take_back, [former], [clock])
            self._clocks.put(clock)
            with rows_of(principal.tenant_id) as rows:
                _found(_timed(rows, schedule_id)).enabled = clock.enabled
                action = f"schedule.{'paused' if paused else 'resumed'}"
                rows.note(principal.user_id, action, clock.workflow_id, schedule=str(schedule_id))
            undo.pop_all()

    def switch_trigger(self, principal: Principal, workflow_id: uuid.UUID, node_id: str, *, enabled: bool) -> None:
        """Switch one trigger of a published workflow on or off; the others go on.

        Raises:
            Refused: `not_found`, `not_published`, `publishing`; `unknown_node` for what is no such trigger there.
            AwsError: EventBridge could not be told; nothing has changed.
        """
        with rows_of(principal.tenant_id) as rows:
            workflow = workflows.find(rows, workflow_id)
            timed = switching.find(rows, workflow, node_id)
        if timed is not None:
            self.pause(principal, timed, paused=not enabled)
            return
        with rows_of(principal.tenant_id) as rows:
            rows.triggers.switch(principal.tenant_id, workflow_id, node_id, on=enabled)
            action = f"trigger.{'enabled' if enabled else 'disabled'}"
            rows.note(principal.user_id, action, workflow_id, node=node_id)
            slug = rows.workflows.slug(principal.tenant_id)
            called = [place for hook in rows.webhooks.of(workflow_id) for place in webhooks.places_of(hook)]
            listening = [registered(row) for row in rows.registrations.active(workflow_id)]
        webhooks.forget(self.redis, slug, called)
        registrations.forget(self.redis, slug, listening)

    def machine_of(
        self,
        principal: Principal,
        workflow: Workflow,
        document: dict[str, Any] | None = None,
        options: CompileOptions | None = None,
    ) -> CompiledMachine:
        """Return a document as a state-machine version: `Machines.of`."""
        return Machines(self.machines).of(principal, workflow, document, options)

    def _go_live(
        self,
        principal: Principal,
        workflow: Workflow,
        content: dict[str, Any],
        machine: CompiledMachine,
        decide: versions.Decide,
        environment: str = PRODUCTION,
        *,
        urgent: bool = False,
    ) -> WorkflowVersion:
        """Move everything that starts a workflow to a document, or nothing of it: `decide` says which version it is."""
        document = Document.model_validate(places.placed(principal, content, environment))
        lines = planning.lines_of(document)
        with rows_of(principal.tenant_id) as rows:
            webhooks.check_free(rows, workflow, document)
            pages.check(rows, workflow, document)
            live = _used_until_now(rows, workflow.id) if environment == PRODUCTION else None
            former = _clocks(rows, workflow.id, environment)
            polled = rows.polls.of(workflow.id, environment)
            slug = rows.workflows.slug(principal.tenant_id)
            listening = [registered(row) for row in rows.registrations.active(workflow.id, environment)]
        plan = registrations.plan(document, listening)
        providers = self._providers(principal, slug, environment)
        schedules = [clock for clock in former if not clock.polls]
        clocks = planning.clocks_of(lines, schedules, principal.tenant_id, workflow.id)
        with ExitStack() as undo:
            watches = Polls(self.functions, principal.tenant_id).begin(workflow, document, polled, undo)
            clocks += [watch.clock for watch in watches]
            joined = providers.join(workflow, plan.new, undo)
            undo.callback(self._clocks.take_back, former, clocks)
            for clock in clocks:
                self._clocks.put(clock)
            if live is not None:
                undo.callback(Machines(self.machines).point_back, live)
            if environment == PRODUCTION:
                Machines(self.machines).point(machine)
            live_now = [*plan.kept, *joined]
            version, called = _written(
                principal,
                workflow,
                document,
                machine,
                clocks,
                schedules,
                live_now,
                watches,
                decide,
                environment,
                urgent,
            )
            undo.pop_all()
        webhooks.forget(self.redis, slug, called)
        registrations.forget(self.redis, slug, [*listening, *joined])
        self._clocks.remove(planning.gone(former, clocks))
        providers.leave(plan.gone)
        return version

    def _providers(self, principal: Principal, slug: str, environment: str = PRODUCTION) -> Providers:
        made = Providers(self.functions, self.keys, self.content_url, slug, principal.tenant_id)
        return replace(made, environment=environment)

    @property
    def _clocks(self) -> Clocks:
        return Clocks(self.schedules)


def _written(
    principal: Principal,
    workflow: Workflow,
    document: Document,
    machine: CompiledMachine,
    clocks: list[Clock],
    former: list[Clock],
    listening: list[Registered],
    watches: list[Watch],
    decide: versions.Decide,
    environment: str,
    urgent: bool,
) -> tuple[WorkflowVersion, list[webhooks.Place]]:
    """Write down what is live now, in one transaction. Return its version, and the webhooks' places that changed."""
    try:
        with rows_of(principal.tenant_id) as rows:
            version = decide(rows)
            target = live_target(workflow, machine, version.number, document, environment)
            hooks = [
                *webhooks.hooks_of(workflow, document, target),
                *pages.rows_for(workflow, document, target),
            ]
            before = rows.webhooks.of(workflow.id, environment)
            called = [place for hook in (*before, *hooks) for place in webhooks.places_of(hook)]
            rows.webhooks.replace(workflow.id, hooks, environment)
            timed = [clock.row(target, former) for clock in clocks if not clock.polls]
            rows.schedules.replace(workflow.id, timed, environment)
            rows.polls.drop(workflow.id, but=[watch.id for watch in watches], environment=environment)
            registrations.settle(rows, workflow.id, listening, asdict(target))
            polling.settle(rows, watches, asdict(target))
            told: dict[str, Any] = {} if environment == PRODUCTION else {"environment": environment}
            told |= {"emergency": True} if urgent else {}
            rows.note(principal.user_id, "workflow.published", workflow.id, version=version.number, **told)
            return version, called
    except Duplicate as duplicate:
        if duplicate.constraint != "webhooks_place":
            raise
        with rows_of(principal.tenant_id) as rows:  # somebody took the place since it was looked at
            webhooks.check_free(rows, workflow, document)
            pages.check(rows, workflow, document)
        raise webhooks.taken() from None


@contextmanager
def _alone(workflow_id: uuid.UUID) -> Iterator[None]:
    """Be the only one that changes what is live of a workflow. Raises Refused (`publishing`)."""
    try:
        with alone(workflow_id):
            yield
    except Busy:
        detail = "Somebody else is publishing this workflow right now; try again in a moment."
        raise Refused(codes.PUBLISHING, detail) from None


def _used_until_now(rows: Rows, workflow_id: uuid.UUID) -> CompiledMachine | None:
    """Return the machine that is live; it stays for an hour, for what knows of no other yet."""
    live = rows.machines.live(workflow_id)
    return live and rows.machines.used(workflow_id, live.compiled_hash)


def _clock(principal: Principal, schedule_id: uuid.UUID) -> Clock:
    with rows_of(principal.tenant_id) as rows:
        found = _found(_timed(rows, schedule_id))
        return Clock.of(found) if isinstance(found, Schedule) else Clock.of_poll(found)


def _clocks(rows: Rows, workflow_id: uuid.UUID, environment: str = PRODUCTION) -> list[Clock]:
    """Return what a workflow has in EventBridge for an environment."""
    polled = [Clock.of_poll(row) for row in rows.polls.of(workflow_id, environment)]
    return [Clock.of(row) for row in rows.schedules.of(workflow_id, environment)] + polled


def _timed(rows: Rows, id: uuid.UUID) -> Schedule | Registration | None:
    return rows.get(Schedule, id) or rows.polls.find(id)


def _found(timed: Schedule | Registration | None) -> Schedule | Registration:
    if timed is None:
        raise codes.not_found("schedule")
    return timed
