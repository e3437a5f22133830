"""What is published: `workflow_versions`, `compiled_machines`, `webhooks`, `schedules`."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import and_, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from api.repositories.live import LIVE
from api.repositories.starting import Started, started, with_last
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import CompiledMachine, LeavingMachine, Schedule, User, Webhook, Workflow, WorkflowVersion

NOTED_EVERY: Final = timedelta(minutes=10)
"""How often it is written down that a machine is used. The sweeper leaves one alone for an hour (ADR 66)."""


class Versions:
    """Published versions of workflows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, workflow_id: uuid.UUID, number: int | None) -> WorkflowVersion | None:
        """Return one by its number, or None."""
        return self._session.scalar(
            select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id, WorkflowVersion.number == number)
        )

    def live(self, workflow_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Workflow, WorkflowVersion | None]]:
        """Return workflows that are not deleted, by id, each with its published version; None for a draft."""
        query = (
            select(Workflow, WorkflowVersion)
            .outerjoin(
                WorkflowVersion,
                and_(WorkflowVersion.workflow_id == Workflow.id, WorkflowVersion.number == Workflow.published_version),
            )
            .options(defer(Workflow.document))
            .where(Workflow.id.in_(workflow_ids), Workflow.deleted_at.is_(None))
        )
        return {row[0].id: (row[0], row[1]) for row in self._session.execute(query)}

    def live_anywhere(self, workflow_id: uuid.UUID) -> Sequence[dict[str, Any]]:
        """Return the documents of a workflow's versions that are live in any environment."""
        live = select(LIVE.c.version).where(LIVE.c.workflow_id == workflow_id)
        query = select(WorkflowVersion.document).where(
            WorkflowVersion.workflow_id == workflow_id, WorkflowVersion.number.in_(live)
        )
        return self._session.scalars(query).all()

    def list(self, workflow_id: uuid.UUID, limit: int) -> list[tuple[WorkflowVersion, str | None]]:
        """Return a workflow's versions without documents, the latest first, each with the name of who made it."""
        query = (
            select(WorkflowVersion, User.name)
            .join(User, User.id == WorkflowVersion.created_by, isouter=True)
            .options(defer(WorkflowVersion.document))
            .where(WorkflowVersion.workflow_id == workflow_id)
            .order_by(WorkflowVersion.number.desc())
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def names(self, wanted: Collection[tuple[uuid.UUID, int | None]]) -> dict[tuple[uuid.UUID, int | None], str]:
        """Return the names of versions by workflow and number, of those that have one."""
        place = tuple_(WorkflowVersion.workflow_id, WorkflowVersion.number)
        query = select(WorkflowVersion.workflow_id, WorkflowVersion.number, WorkflowVersion.name)
        rows = self._session.execute(query.where(place.in_(list(wanted)), WorkflowVersion.name != ""))
        return {(row[0], row[1]): row[2] for row in rows}

    def next_number(self, workflow_id: uuid.UUID) -> int:
        """Return the number of a workflow's next version."""
        last = select(func.max(WorkflowVersion.number)).where(WorkflowVersion.workflow_id == workflow_id)
        return (self._session.scalar(last) or 0) + 1


class Machines:
    """State-machine versions that are on AWS."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, workflow_id: uuid.UUID, compiled_hash: str) -> CompiledMachine | None:
        """Return the machine of a hash, or None."""
        return self._session.get(CompiledMachine, (workflow_id, compiled_hash))

    def used(self, workflow_id: uuid.UUID, compiled_hash: str) -> CompiledMachine | None:
        """Return the machine of a hash, which stays for an hour at least; None where it is not there, or goes now."""
        now = func.now()
        touched = self._session.execute(
            update(CompiledMachine)
            .where(CompiledMachine.workflow_id == workflow_id, CompiledMachine.compiled_hash == compiled_hash)
            .where(CompiledMachine.used_at < now - NOTED_EVERY)
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        found = self.find(workflow_id, compiled_hash)
        if found is not None and touched.rowcount:  # type: ignore[attr-defined]  # of an UPDATE
            self._session.refresh(found)
        return found

    def taken_back(self, arns: Sequence[str]) -> bool:
        """Have versions stay that were to be deleted. False where AWS may have deleted one: it cannot be used."""
        leaving = LeavingMachine.arn.in_(arns)
        self._session.execute(delete(LeavingMachine).where(leaving, LeavingMachine.asked_at.is_(None)))
        return self._session.scalar(select(LeavingMachine.arn).where(leaving).limit(1)) is None

    def leave(self, machine: CompiledMachine, arns: Collection[str]) -> None:
        """Have versions of a machine's workflow deleted on AWS, but those that one of its machines has."""
        own = select(CompiledMachine).where(CompiledMachine.workflow_id == machine.workflow_id)
        shared = own.where(CompiledMachine.version_arn.in_(arns) | CompiledMachine.parts.bool_op("&&")(list(arns)))
        kept = {arn for one in self._session.scalars(shared) for arn in (one.version_arn, *one.parts)}
        whose = {"tenant_id": machine.tenant_id, "workflow_id": machine.workflow_id}
        rows = [{"arn": arn, **whose} for arn in arns if arn not in kept]
        if rows:
            self._session.execute(insert(LeavingMachine).values(rows).on_conflict_do_nothing())

    def live(self, workflow_id: uuid.UUID) -> CompiledMachine | None:
        """Return the machine of a workflow's published version; None for a draft."""
        return self._session.scalar(
            select(CompiledMachine)
            .join(
                WorkflowVersion,
                and_(
                    WorkflowVersion.workflow_id == CompiledMachine.workflow_id,
                    WorkflowVersion.compiled_hash == CompiledMachine.compiled_hash,
                ),
            )
            .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
            .where(Workflow.id == workflow_id, WorkflowVersion.number == Workflow.published_version)
        )


class Webhooks:
    """Published webhooks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, workflow_id: uuid.UUID, environment: str = PRODUCTION) -> Sequence[Webhook]:
        """Return those of a workflow in an environment."""
        where = Webhook.workflow_id == workflow_id, Webhook.environment == environment
        return self._session.scalars(select(Webhook).where(*where)).all()

    def has(self, method: str, path: str) -> bool:
        """Whether one is published at a place."""
        query = select(Webhook.id).where(Webhook.method == method, Webhook.path == path)
        return self._session.scalar(query) is not None

    def others(self, workflow_id: uuid.UUID, places: Sequence[tuple[str, str]]) -> Sequence[tuple[Webhook, str]]:
        """Return those of other workflows at any of `places` (method, shape), each with its workflow's name."""
        query = (
            select(Webhook, Workflow.name)
            .join(Workflow, Workflow.id == Webhook.workflow_id)
            .where(Webhook.workflow_id != workflow_id, tuple_(Webhook.method, Webhook.shape).in_(places))
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def replace(self, workflow_id: uuid.UUID, hooks: Sequence[Webhook], environment: str = PRODUCTION) -> None:
        """Put `hooks` in the place of those a workflow has in an environment."""
        gone = Webhook.workflow_id == workflow_id, Webhook.environment == environment
        self._session.execute(delete(Webhook).where(*gone))
        for hook in hooks:
            hook.environment = environment
        self._session.add_all(hooks)


class Schedules:
    """Published schedules."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, workflow_id: uuid.UUID, environment: str = PRODUCTION) -> Sequence[Schedule]:
        """Return those of a workflow in an environment."""
        where = Schedule.workflow_id == workflow_id, Schedule.environment == environment
        return self._session.scalars(select(Schedule).where(*where)).all()

    def replace(self, workflow_id: uuid.UUID, schedules: Sequence[Schedule], environment: str = PRODUCTION) -> None:
        """Put `schedules` in the place of those a workflow has there; one with the id of a former one is the same."""
        kept = [schedule.id for schedule in schedules]
        of = Schedule.workflow_id == workflow_id, Schedule.environment == environment
        gone = delete(Schedule).where(*of, Schedule.id.not_in(kept))
        self._session.execute(gone.execution_options(synchronize_session=False))
        for schedule in schedules:
            schedule.environment = environment
            self._session.merge(schedule)

    def all(self) -> list[Started[Schedule]]:
        """Return all, in every environment, each with its workflow and what it started last."""
        return started(self._session, with_last(Schedule, "schedule"))

    def on(self) -> Sequence[Schedule]:
        """Return those that fire: neither they are paused, nor their workflows where they are live."""
        query = (
            select(Schedule)
            .join(LIVE, (LIVE.c.workflow_id == Schedule.workflow_id) & (LIVE.c.environment == Schedule.environment))
            .where(Schedule.enabled, LIVE.c.enabled)
        )
        return self._session.scalars(query).all()
