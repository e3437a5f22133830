"""The throttle node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Phase, Port


class Params(NodeParams):
    """How many go through in which time, and what becomes of the others."""

    limit: int = ui(
        10,
        title="At most",
        kind=Kind.NUMBER,
        expression=False,
        help="Items that go through in any period, of each key.",
        ge=1,
        le=10_000,
    )
    period: int = ui(
        1,
        title="In a period of",
        kind=Kind.NUMBER,
        expression=False,
        ge=1,
        le=1_000,
    )
    unit: Literal["seconds", "minutes", "hours", "days"] = ui(
        "minutes",
        title="Unit",
        kind=Kind.SELECT,
        expression=False,
        options=[("seconds", "Seconds"), ("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
    )
    key: Any = ui(
        None,
        title="Key",
        kind=Kind.TEXT,
        placeholder="{{ $json.customerId }}",
        help="Items of one key are counted together. Empty counts all together.",
    )
    mode: Literal["delay", "reject"] = ui(
        "delay",
        title="Items over the limit",
        kind=Kind.SELECT,
        expression=False,
        options=[("delay", "Wait for their turn"), ("reject", "Go to Rejected at once")],
    )
    max_wait_seconds: int = ui(
        86_400,
        title="Wait at most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="Where a turn comes later, the node fails before anything waits.",
        show_when={"mode": ["delay"]},
        ge=1,
        le=31_536_000,
    )


DOCS = """\
Lets at most so many items of each key through in any period, counted over all executions of the workflow. Test runs
and runs by hand count as well; another Throttle node has its own count, and so has a copy of the workflow.

**Wait for their turn.** The items of a run go on together, at the moment at which the turn of the last of them comes;
more items of a key than the limit take several periods. Who comes first has the earlier turns. Nothing runs while it
waits. To let items on one by one, put the node into a loop with batches of one. A turn that comes later than *Wait at
most* fails the node before anything waits, and takes no turn.

**Go to Rejected at once.** Nothing waits: the first items of each key go on while there are turns, the others to
*Rejected*. They take no turn.

**Key.** Any data, usually of one item: texts, numbers, lists and objects (the order of an object's fields does not
count). `1` is `1.0`, and not the text `1`. Null and the empty text are the same as no key.

**Retries.** An attempt that is repeated has the turns of the first, for an hour and a period after the last of them.
A limit or period that is changed counts from what was kept: the latest turns, as many as the old limit.

**Output.** The input items, unchanged. A workflow in which items wait for their turn is a Standard one, as with *Wait*;
one in which they go to *Rejected* may be Express.

**Errors.** `ThrottleWaitTooLong`: the last turn comes too late. `ThrottleTooManyKeys`: the items have more than 10,000
keys. `StoreFull`: the turns of the whole workspace take 16 MB, some 25,000 keys at once; use fewer, or shorter
periods. `StoreUnavailable`: the count cannot be reached; a retry can help.

**Example.** At most `5` in `1` *Minutes*, key `{{ $json.customerId }}`: five mails a minute to each customer.
"""

SPEC = NodeSpec(
    type="throttle",
    name="Throttle",
    category=Category.FLOW,
    icon="gauge",
    summary="Lets so many items of a key through in a period, over all executions.",
    docs=DOCS,
    subtitle="{limit} in {period:unit}",
    params=Params,
    control="turn",
    control_when={"mode": ["delay"]},
    phases=(Phase("wait", begins=True, read_on=True), Phase("resume")),
    outputs=(Port("main", "Main"), Port("rejected", "Rejected", show_when=({"mode": ["reject"]},))),
    uses_store=True,
    timeout_seconds=60,
    errors=("ThrottleWaitTooLong", "ThrottleTooManyKeys", "StoreFull", "StoreUnavailable"),
    retryable=("StoreUnavailable",),
    output_example=({"id": 7},),
)
