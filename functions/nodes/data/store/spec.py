"""The store node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.kept import Within, within_field
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_WRITES = ["set", "setIfAbsent", "increment"]
_KEYED = ["get", *_WRITES, "delete"]


class Params(NodeParams):
    """Which key, and what to do with it."""

    operation: Literal["get", "set", "setIfAbsent", "increment", "delete", "list"] = ui(
        "get",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("get", "Get a value"),
            ("set", "Set a value"),
            ("setIfAbsent", "Set a value if there is none"),
            ("increment", "Increment a number"),
            ("delete", "Delete a key"),
            ("list", "List keys"),
        ],
    )
    store: Text = ui(
        "default",
        title="Store",
        kind=Kind.TEXT,
        options_from=OptionsFrom("stores", needs=("within",)),
        help="Keys of one store do not meet those of another. A store is there as soon as it has a key.",
        min_length=1,
        max_length=63,
    )
    key: Text = ui(
        "",
        title="Key",
        kind=Kind.TEXT,
        placeholder="customer:{{ $json.id }}",
        show_when={"operation": _KEYED},
        required_when_shown=True,
    )
    prefix: Text = ui(
        "",
        title="Keys that begin with",
        kind=Kind.TEXT,
        placeholder="customer:",
        help="Empty lists all keys of the store.",
        show_when={"operation": ["list"]},
    )
    value: Any = ui(
        None,
        title="Value",
        kind=Kind.TEXT,
        placeholder="{{ $json }}",
        help="Any data. An expression alone keeps its type.",
        show_when={"operation": ["set", "setIfAbsent"]},
    )
    by: int | float = ui(
        1,
        title="By",
        kind=Kind.NUMBER,
        help="Negative counts down.",
        show_when={"operation": ["increment"]},
    )
    ttl: float | None = ui(
        None,
        title="Keep for",
        kind=Kind.NUMBER,
        help="Then the key is gone. Empty keeps it. Increments of a key that is there leave its time as it is.",
        show_when={"operation": _WRITES},
        gt=0,
    )
    ttl_unit: Literal["seconds", "minutes", "hours", "days"] = ui(
        "seconds",
        title="Unit",
        kind=Kind.SELECT,
        expression=False,
        options=[("seconds", "Seconds"), ("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        show_when={"operation": _WRITES},
    )
    limit: int = ui(
        100,
        title="At most",
        kind=Kind.NUMBER,
        show_when={"operation": ["list"]},
        ge=1,
        le=100_000,
    )
    start: int | float = ui(
        0,
        title="Start from",
        kind=Kind.NUMBER,
        help="What a key that is not there counts from.",
        show_when={"operation": ["increment"]},
        group="options",
    )
    default: Any = ui(
        None,
        title="Value where there is none",
        kind=Kind.TEXT,
        show_when={"operation": ["get"]},
        group="options",
    )
    into: Text = ui(
        "",
        title="Put it into the field",
        kind=Kind.TEXT,
        placeholder="customer",
        help="The input item goes on with the value in this field, and nothing else changed.",
        show_when={"operation": ["get", "increment"]},
        group="options",
        max_length=200,
    )
    within: Within = within_field()


DOCS = """\
Keeps values by key, from one execution to the next and for all workflows of the project (*Shared with*: of the
workspace). People see and change them under *Data*.

**Get, set, delete.** A value is any JSON data of up to 256 KB. *Set* without *Keep for* keeps the value for ever, also
where it had a time before. *Set if there is none* leaves what is there, and says in `stored` which it was: of many
executions at once exactly one has stored its value.

**Increment** adds to a number, 0.1 and 0.2 are 0.3, and loses nothing however many executions count at once. A key that
is absent, or past its time, counts from *Start from*; *Keep for* counts from the first increment, so a window ends.

**Retries.** What an item did is done once: an attempt that is repeated, and an execution that goes on from a failed one
within a week, gets what the first gave.

**Output.** One item for each: `key` and `value`, with `found` and `expiresAt` (get), `stored`, `created` and
`expiresAt` (set, set if there is none), `created` and `expiresAt` (increment), `deleted` (delete, with the value
that was there). *Put it into the field* gives the input item with the value in it. *List* gives an item per key, in
the order of code points, with `key`, `value`, `expiresAt` and `updatedAt`.

**Errors.** `StoreKeyInvalid` for an empty key or one of more than 512 characters, `StoreValueInvalid` for a value that
is too large or nested more than 100 deep, `StoreNotNumber` for an increment of what is no number, or whose sum
has more digits than a number keeps, `StoreFull` beyond 100,000 keys, `StoreUnavailable` (a retry can help).

**Example.** *Increment*, key `orders:{{ $now.toFormat("yyyy-MM-dd") }}`, *Keep for* 2 *Days*: a number for each order
of the day.
"""

SPEC = NodeSpec(
    type="store",
    name="Key-value store",
    category=Category.DATA,
    icon="key-square",
    summary="Keeps values by key from one execution to the next.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {key}",
    uses_store=True,
    timeout_seconds=120,
    errors=("StoreKeyInvalid", "StoreValueInvalid", "StoreNotNumber", "StoreFull", "StoreUnavailable"),
    retryable=("StoreUnavailable",),
    output_example=({"key": "customer:7", "found": True, "value": {"name": "Ada"}, "expiresAt": None},),
)
