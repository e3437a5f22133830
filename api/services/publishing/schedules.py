"""A workflow's schedules: read off its document, kept in EventBridge, taken back where a publish fails."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from api import codes, ports
from api.refusals import Refused
from api.services.compiling import triggers
from api.services.cron import first_fire, schedule_expressions
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.node import TriggerKind
from stepweave.spec.schedules import find_zone, zone_invalid
from stepweave_data.models import Registration, Schedule
from stepweave_data.telemetry import logger


@dataclass(frozen=True)
class Clock:
    """A schedule as a value, which outlives transactions. `names` are its schedules in EventBridge: one, or two.

    One that `polls` is the clock of a registration, whose id it has.
    """

    id: uuid.UUID
    tenant_id: uuid.UUID
    workflow_id: uuid.UUID
    node_id: str
    expression: str
    time_zone: str
    names: tuple[str, ...]
    enabled: bool
    polls: bool = False

    @classmethod
    def of(cls, row: Schedule) -> "Clock":
        """Return a row's values."""
        return cls(
            row.id,
            row.tenant_id,
            row.workflow_id,
            row.node_id,
            row.expression,
            row.time_zone,
            tuple(row.names),
            row.enabled,
        )

    @classmethod
    def of_poll(cls, row: Registration, expression: str = "") -> "Clock":
        """Return the clock of a trigger that polls, with another line where one is given."""
        line, zone = expression or row.expression or "", row.time_zone or "UTC"
        names = tuple(row.names)
        return cls(row.id, row.tenant_id, row.workflow_id, row.node_id, line, zone, names, row.enabled, polls=True)

    @property
    def payload(self) -> dict[str, str]:
        """What the starter is invoked with."""
        return {"tenantId": str(self.tenant_id), "registrationId" if self.polls else "scheduleId": str(self.id)}

    def row(self, target: Target) -> Schedule:
        """Return the row of a schedule that starts `target`."""
        values = {name: value for name, value in asdict(self).items() if name != "polls"}
        return Schedule(**{**values, "names": list(self.names)}, target=asdict(target))


@dataclass(frozen=True)
class Line:
    """What a schedule node says: when, where, and how many schedules of EventBridge that takes."""

    node_id: str
    expression: str
    time_zone: str
    count: int


def lines_of(document: Document) -> list[Line]:
    """Return what a document's schedule nodes say. Raises Refused (`workflow_invalid`)."""
    return [_line(node, document.settings.time_zone) for node in triggers(document, TriggerKind.SCHEDULE)]


def clocks_of(
    lines: Sequence[Line], former: Sequence[Clock], tenant_id: uuid.UUID, workflow_id: uuid.UUID
) -> list[Clock]:
    """Return the schedules of `lines`: that of a node that had one keeps its name, and whether it is paused."""
    known = {clock.node_id: clock for clock in former}
    made = []
    for line in lines:
        before = known.get(line.node_id)
        id = before.id if before else uuid.uuid4()
        names = (str(id), f"{id}-or")[: line.count]
        enabled = before.enabled if before else True
        made.append(Clock(id, tenant_id, workflow_id, line.node_id, line.expression, line.time_zone, names, enabled))
    return made


def gone(former: Sequence[Clock], now: Sequence[Clock]) -> list[str]:
    """Return the names in EventBridge that `former` had and `now` has not."""
    return sorted({name for one in former for name in one.names} - {name for one in now for name in one.names})


@dataclass(frozen=True)
class Clocks:
    """The schedules of one deployment in EventBridge."""

    port: Callable[[], ports.Schedules]

    def put(self, clock: Clock) -> None:
        """Make or change one. Raises AwsError."""
        start = first_fire(clock.expression, clock.time_zone, datetime.now(UTC))
        for name, expression in zip(clock.names, schedule_expressions(clock.expression), strict=True):
            self.port().put(name, expression, clock.time_zone, clock.payload, enabled=clock.enabled, start=start)

    def take_back(self, former: Sequence[Clock], made: Sequence[Clock]) -> None:
        """Bring EventBridge from `made` back to `former`. Raises nothing: the failure that led here is told."""
        for clock in former:
            try:
                self.put(clock)
            except Exception as error:  # whatever the adapter raises
                logger().error("a schedule could not be put back", schedule=str(clock.id), error=repr(error))
        self.remove(gone(made, former))

    def remove(self, names: Sequence[str]) -> None:
        """Remove schedules that nothing refers to any more. One that stays finds nothing to start."""
        for name in names:
            try:
                self.port().delete(name)
            except Exception as error:  # whatever the adapter raises: the starter ignores its firings
                logger().warning("a schedule could not be removed", schedule=name, error=repr(error))


def _line(node: Node, zone_of_workflow: str) -> Line:
    expression = node.params.get("expression", "0 9 * * 1-5")
    zone = node.params.get("timeZone") or zone_of_workflow
    if find_zone(zone) is None:
        raise _invalid(node, "timeZone", zone_invalid(zone))
    try:
        return Line(node.id, expression, zone, len(schedule_expressions(expression)))
    except ScheduleInvalid as error:
        raise _invalid(node, "expression", error) from None


def _invalid(node: Node, field: str, error: ScheduleInvalid) -> Refused:
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
