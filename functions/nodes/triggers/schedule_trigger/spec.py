"""The schedule trigger as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class Params(NodeParams):
    """When the workflow starts."""

    expression: str = ui(
        "0 9 * * 1-5",
        title="When",
        kind=Kind.CRON,
        expression=False,
        placeholder="0 9 * * 1-5",
        help="Minute, hour, day of month, month, day of week; @daily; or rate(15 minutes).",
        max_length=100,
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


DOCS = """\
Starts the published workflow at fixed times. Drafts do not run on a schedule.

**When** is a cron line of five fields as on Unix (`0 9 * * 1-5` is 9 o'clock from Monday to Friday), `@hourly`,
`@daily`, `@weekly`, `@monthly`, `@yearly`, or a rate (`rate(15 minutes)`). As on Unix, a line with both a day of month
and a day of week fires on either, but where one of them begins with `*` both must fit: `0 0 */2 * 1` is Mondays with an
odd day. A rate counts from midnight of Monday, 1 January 2024, in the time zone: `rate(7 hours)` is then and every 7
hours since.

**Output.** One item: `scheduledAt` (ISO 8601, UTC), the time it was due, and `timeZone`. Each due time starts one
execution, even when the scheduler calls twice.

**Changes of the clocks.** A time that the clocks skip is skipped; one that they repeat fires once, the first time.
Rates count hours and days as 60 minutes and 24 hours.

**Errors.** A line that cannot be read, or never fires (`0 0 30 2 *`), is shown in the editor with what to write, and
publishing is refused.

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
