"""The schedule trigger as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class Row(NodeParams):
    """One more schedule."""

    expression: str = ui(
        "0 18 * * 1-5",
        title="When",
        kind=Kind.CRON,
        expression=False,
        placeholder="0 18 * * 1-5",
        min_length=1,
        max_length=120,
    )


class Params(NodeParams):
    """When the workflow starts."""

    expression: str = ui(
        "0 9 * * 1-5",
        title="When",
        kind=Kind.CRON,
        expression=False,
        placeholder="0 9 * * 1-5",
        help="A cron line, rate(15 minutes), or at(2026-12-24T09:00) for once.",
        max_length=120,
    )
    more: list[Row] = ui(
        ...,
        title="And also",
        kind=Kind.COLLECTION,
        expression=False,
        help="Further schedules. A time that two of them name starts one execution.",
        default_factory=list,
        max_length=19,
    )
    time_zone: str = ui(
        "",
        title="Time zone",
        kind=Kind.TIME_ZONE,
        expression=False,
        placeholder="The workflow's",
        help="Empty takes the workflow's time zone.",
        max_length=64,
    )
    overlap: Literal["allow", "skip", "queue"] = ui(
        "allow",
        title="When the one before still runs",
        kind=Kind.SELECT,
        expression=False,
        options=[("allow", "Start beside it"), ("skip", "Skip this time"), ("queue", "Start after it")],
        group="options",
    )
    catch_up: Literal["skip", "once"] = ui(
        "skip",
        title="Times that were missed",
        kind=Kind.SELECT,
        expression=False,
        options=[("skip", "Leave them out"), ("once", "Run once for all of them")],
        help="Missed while the schedule or the workflow was switched off, or nothing could fire.",
        group="options",
    )


DOCS = """\
Starts the published workflow at fixed times. Drafts do not run on a schedule.

**When** is a cron line of five fields as on Unix (`0 9 * * 1-5` is 9 o'clock from Monday to Friday), `@hourly`,
`@daily`, `@weekly`, `@monthly`, `@yearly`; a rate (`rate(15 minutes)`); or one time (`at(2026-12-24T09:00)`). Days may
be `L` (the last of the month), `15W` (the weekday nearest to the 15th), `LW`, `FRI#2` (the second Friday), `FRIL` (the
last Friday). `every 2 weeks` behind a cron line keeps every second one: `0 9 * * 1 every 2 weeks from 2026-12-07`. As
on Unix, a line with both a day of month and a day of week fires on either, but where one of them begins with `*` both
must fit: `0 0 */2 * 1` is Mondays with an odd day. A rate counts from midnight of Monday, 1 January 2024, in the time
zone: `rate(7 hours)` is then and every 7 hours since.

**And also.** Further schedules of the same trigger. A time that two of them name starts one execution.

**Output.** One item: `scheduledAt` (ISO 8601, UTC), the time it was due, and `timeZone`; `missed`, how many times
before it were missed, where the run makes up for them. Each due time starts one execution, even when the scheduler
calls twice.

**When the one before still runs.** *Start beside it*; *Skip this time*, which is counted; or *Start after it*: one at a
time, in order, up to 100 waiting. Only executions that this trigger started count.

**Times that were missed**, as the schedule or the workflow was switched off or nothing could fire, are counted. *Run
once for all of them* starts one execution for the last of them, within two minutes after it can run again.

**Changes of the clocks.** A time that the clocks skip is skipped; one that they repeat fires once, the first time.
Rates count hours and days as 60 minutes and 24 hours.

**Errors.** A line that cannot be read, or never fires (`0 0 30 2 *`), is shown in the editor with what to write, and
publishing is refused; so is a trigger all of whose times are over.

**Example.** `*/10 * * * *` with time zone `Europe/Berlin` starts every ten minutes.
"""

SPEC = NodeSpec(
    type="schedule_trigger",
    name="Schedule",
    category=Category.TRIGGER,
    icon="calendar-clock",
    summary="Starts at fixed times.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{expression}",
    trigger=TriggerKind.SCHEDULE,
    output_example=({"scheduledAt": "2026-11-23T09:00:00.000Z", "timeZone": "Europe/Berlin"},),
)
