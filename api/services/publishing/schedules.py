"""A workflow's schedules: read off its document, kept in EventBridge, taken back where a publish fails."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api import codes, ports
from api.refusals import Refused
from api.services.compiling import triggers
from api.services.cron import schedules_for
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.node import TriggerKind
from stepweave.spec.schedules import check_fires, find_zone, zone_invalid
from stepweave_data.models import Registration, Schedule
from stepweave_data.telemetry import logger

DEFAULT: Final = "0 9 * * 1-5"


@dataclass(frozen=True)
class Clock:
    """A schedule as a value, which outlives transactions. `names` are its schedules in EventBridge.

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
    overlap: str = "allow"
    catch_up: str = "skip"

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
            overlap=row.overlap,
            catch_up=row.catch_up,
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

    def row(self, target: Target, former: "Sequence[Clock]" = ()) -> Schedule:
        """Return the row of a schedule that starts `target`; what it missed counts from now where its times changed."""
        values: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "polls"}
        before = next((clock for clock in former if clock.id == self.id), None)
        if before is None or (before.expression, before.time_zone) != (self.expression, self.time_zone):
            values["settled_at"] = datetime.now(UTC)
        return Schedule(**{**values, "names": list(self.names)}, target=asdict(target))


@dataclass(frozen=True)
class Line:
    """What a schedule node says: when (one or more lines), where, and how many schedules of EventBridge that takes."""

    node_id: str
    expression: str
    time_zone: str
    count: int
    overlap: str = "allow"
    catch_up: str = "skip"


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
        enabled = before.enabled if before else True
        clock = Clock(
            id,
            tenant_id,
            workflow_id,
            line.node_id,
            line.expression,
            line.time_zone,
            names_of(id, line.count),
            enabled,
            overlap=line.overlap,
            catch_up=line.catch_up,
        )
        made.append(clock)
    return made


def names_of(id: uuid.UUID, count: int) -> tuple[str, ...]:
    """Return the names of so many schedules of EventBridge."""
    return tuple(str(id) if number == 0 else f"{id}-or{'' if number == 1 else number}" for number in range(count))


def gone(former: Sequence[Clock], now: Sequence[Clock]) -> list[str]:
    """Return the names in EventBridge that `former` had and `now` has not."""
    return sorted({name for one in former for name in one.names} - {name for one in now for name in one.names})


@dataclass(frozen=True)
class Clocks:
    """The schedules of one deployment in EventBridge."""

    port: Callable[[], ports.Schedules]

    def put(self, clock: Clock) -> None:
        """Make or change one. Raises AwsError."""
        expressions = schedules_for(clock.expression, clock.time_zone, datetime.now(UTC))
        for name, one in zip(clock.names, expressions, strict=False):
            # Which of several lines it is, so that the starter looks at no other.
            payload = (
                clock.payload if clock.polls or one.line == clock.expression else clock.payload | {"line": one.line}
            )
            self.port().put(name, one.text, one.zone, payload, enabled=clock.enabled, start=one.start)
        for name in clock.names[len(expressions) :]:  # of one-off times that are over by now
            self.port().delete(name)

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
    expression = lines_from(node.params)
    zone = node.params.get("timeZone") or zone_of_workflow
    if find_zone(zone) is None:
        raise _invalid(node, "timeZone", zone_invalid(zone))
    try:
        now = datetime.now(UTC)
        check_fires(expression, zone, now)
        count = len(schedules_for(expression, zone, now))
    except ScheduleInvalid as error:
        raise _invalid(node, "expression", error) from None
    return Line(
        node.id, expression, zone, count, node.params.get("overlap", "allow"), node.params.get("catchUp", "skip")
    )


def lines_from(params: Mapping[str, Any]) -> str:
    """Return what a schedule node's parameters say, a schedule a line."""
    more = [str(row.get("expression", "")) for row in params.get("more") or [] if isinstance(row, Mapping)]
    return "\n".join([str(params.get("expression", DEFAULT)), *more])


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
