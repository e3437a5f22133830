"""The schedule trigger as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind

_RATE = r"rate\([1-9][0-9]{0,4} (minute|minutes|hour|hours|day|days)\)"
_CRON = r"[^\s()]+( +[^\s()]+){4}"


class Params(NodeParams):
    """When the workflow starts."""

    expression: str = ui(
        "0 9 * * 1-5",
        title="When",
        kind=Kind.CRON,
        expression=False,
        placeholder="0 9 * * 1-5",
        help="Minute, hour, day of month, month, day of week; or rate(15 minutes).",
        max_length=100,
        pattern=rf"^({_RATE}|{_CRON})$",
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

**When** is a cron line of five fields as on Unix (`0 9 * * 1-5` is 9 o'clock from Monday to Friday) or a rate
(`rate(15 minutes)`). As on Unix, a line with both a day of month and a day of week fires on either.

**Output.** One item: `scheduledAt` (ISO 8601, UTC), the time it was due, and `timeZone`. Each due time starts one
execution, even when the scheduler calls twice.

**Errors.** A line that cannot be read is shown in the editor, and publishing is refused.

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
