"""The wait node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Phase, Port, Waiting
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What is waited for."""

    mode: Literal["duration", "until", "callback"] = ui(
        "duration",
        title="Wait",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("duration", "For a time"),
            ("until", "Until a moment"),
            ("callback", "Until a URL is called"),
        ],
    )
    amount: float = ui(
        10,
        title="How long",
        kind=Kind.NUMBER,
        show_when={"mode": ["duration"]},
        ge=0,
    )
    unit: Literal["seconds", "minutes", "hours", "days"] = ui(
        "seconds",
        title="Unit",
        kind=Kind.SELECT,
        expression=False,
        options=[("seconds", "Seconds"), ("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        show_when={"mode": ["duration"]},
    )
    until: Text = ui(
        "",
        title="Moment",
        kind=Kind.TEXT,
        placeholder="2026-12-24T18:00 or {{ $json.dueAt }}",
        help="ISO 8601. Without an offset it is in the workflow's time zone.",
        show_when={"mode": ["until"]},
        required_when_shown=True,
    )
    limit_seconds: int = ui(
        86_400,
        title="At most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="After that the items take the port `timeout`.",
        show_when={"mode": ["callback"]},
        ge=1,
        le=31_536_000,
    )


DOCS = """\
Goes on later. Nothing runs and nothing is paid for while it waits, up to a year.

**For a time, until a moment.** An expression is evaluated once, for the first item. A moment that is past goes on at
once. One without an offset is in the workflow's time zone; numbers are milliseconds since 1970.

**Until a URL is called.** `{{ $execution.resumeUrl }}` is the address, in this node and in all before it: send it by
mail or to another service. Whoever calls it with POST lets the execution go on; who opens it in a browser gets a
page with a button that does. Each step has a URL of its own, for the wait that comes next after it: give the URL away
in a node between two waits, and who got the first one's cannot call the second. Add `?node=<id of the node>` when
several nodes wait at the same time.

**Output.** The input items on `main`; for a call, one item with its `method`, `headers`, `query` and `body`. When
nobody called in time, the input items on `timeout`.

**Errors.** `WaitTooLong` for more than a year, `ParameterInvalid` for a moment that cannot be read.

**Example.** *For a time*, `2` *Hours*, before a reminder.
"""

SPEC = NodeSpec(
    type="wait",
    name="Wait",
    category=Category.FLOW,
    icon="hourglass",
    summary="Goes on after a time, at a moment, or when a URL is called.",
    docs=DOCS,
    subtitle="{amount:unit} {until}",
    params=Params,
    control="wait",
    phases=(Phase("wait", begins=True, read_on=True), Phase("resume")),
    outputs=(Port("main", "Main"), Port("timeout", "Timed out", show_when=({"mode": ["callback"]},))),
    waiting=Waiting(when={"mode": ["callback"]}, seconds="limitSeconds", timeout_port="timeout"),
    timeout_seconds=30,
    errors=("WaitTooLong",),
    output_example=({"id": 7},),
)
