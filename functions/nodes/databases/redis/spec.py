"""The Redis node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, names_field

_KEYED = [
    "get",
    "set",
    "delete",
    "increment",
    "expire",
    "hashGet",
    "hashSet",
    "listPush",
    "listPop",
    "setAdd",
    "setMembers",
]
_READS = ["get", "hashGet", "listPop", "setMembers", "command"]
_WRITES = ["set", "listPush", "setAdd", "publish"]
_PASSES = ["set", "increment", "expire", "hashSet", "listPush", "setAdd"]


class Params(NodeParams):
    """What to do with which key."""

    credential: str = ui(..., title="Server", kind=Kind.CREDENTIAL, credential="redis", expression=False, min_length=1)
    operation: Literal[
        "get",
        "set",
        "delete",
        "increment",
        "expire",
        "keys",
        "hashGet",
        "hashSet",
        "listPush",
        "listPop",
        "setAdd",
        "setMembers",
        "publish",
        "command",
    ] = ui(
        "get",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("get", "Get a value"),
            ("set", "Set a value"),
            ("delete", "Delete a key"),
            ("increment", "Increment a number"),
            ("expire", "Let a key end"),
            ("keys", "List keys"),
            ("hashGet", "Get fields of a hash"),
            ("hashSet", "Set fields of a hash"),
            ("listPush", "Push to a list"),
            ("listPop", "Pop from a list"),
            ("setAdd", "Add to a set"),
            ("setMembers", "Get the members of a set"),
            ("publish", "Publish a message"),
            ("command", "Send a command"),
        ],
    )
    key: Text = ui(
        "",
        title="Key",
        kind=Kind.TEXT,
        placeholder="customer:{{ $json.id }}",
        show_when={"operation": _KEYED},
        required_when_shown=True,
        max_length=10_000,
    )
    channel: Text = ui(
        "",
        title="Channel",
        kind=Kind.TEXT,
        placeholder="orders",
        show_when={"operation": ["publish"]},
        required_when_shown=True,
        max_length=10_000,
    )
    value: Any = ui(
        None,
        title="Value",
        kind=Kind.TEXT,
        placeholder="{{ $json }}",
        help="Objects and lists are written as JSON. A list adds each of its entries to a list or set.",
        show_when={"operation": _WRITES},
    )
    fields: Any = ui(
        None,
        title="Fields",
        kind=Kind.JSON,
        placeholder='{"name": "{{ $json.name }}"}',
        help="An object; null takes a field away.",
        show_when={"operation": ["hashSet"]},
        required_when_shown=True,
    )
    names: FieldNames = names_field(
        "Fields",
        placeholder="name, city",
        help="Names, separated by commas. Empty: all.",
        show_when={"operation": ["hashGet"]},
    )
    by: int | float = ui(
        1, title="By", kind=Kind.NUMBER, help="Negative counts down.", show_when={"operation": ["increment"]}
    )
    pattern: Text = ui(
        "*",
        title="Keys like",
        kind=Kind.TEXT,
        placeholder="customer:*",
        help="* is any text, ? one letter.",
        show_when={"operation": ["keys"]},
        min_length=1,
        max_length=1000,
    )
    limit: int = ui(
        100, title="At most", kind=Kind.NUMBER, show_when={"operation": ["keys", "setMembers"]}, ge=1, le=100_000
    )
    count: int = ui(1, title="Entries", kind=Kind.NUMBER, show_when={"operation": ["listPop"]}, ge=1, le=10_000)
    end: Literal["right", "left"] = ui(
        "right",
        title="End",
        kind=Kind.SELECT,
        expression=False,
        options=[("right", "Right (tail)"), ("left", "Left (head)")],
        help="Push right and pop left for a queue.",
        show_when={"operation": ["listPush", "listPop"]},
    )
    ttl: float | None = ui(
        None,
        title="Ends after seconds",
        kind=Kind.NUMBER,
        help="Empty keeps the key; of an increment it counts from the first.",
        show_when={"operation": _PASSES},
        gt=0,
        le=3_000_000_000,
    )
    only: Literal["always", "absent", "present"] = ui(
        "always",
        title="Only if",
        kind=Kind.SELECT,
        expression=False,
        options=[("always", "Always"), ("absent", "The key is absent (NX)"), ("present", "The key is there (XX)")],
        show_when={"operation": ["set"]},
    )
    command: Any = ui(
        "",
        title="Command",
        kind=Kind.TEXT,
        placeholder="ZADD scores 5 {{ $json.name }}",
        help='As in redis-cli. A list (["ZADD", "scores", 5, "{{ $json.name }}"]) takes values as they are.',
        show_when={"operation": ["command"]},
        required_when_shown=True,
    )
    read_json: bool = ui(
        True,
        title="Read JSON",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Values that are JSON objects or lists are read.",
        show_when={"operation": _READS},
        group="options",
    )


DOCS = """\
Reads and writes keys of a Redis server (6 or later), or of one that speaks its protocol, over one connection.

**Values.** Text as it is, numbers and truth values as their text, objects and lists as JSON. Read, JSON objects and
lists are data; bytes that are no UTF-8 are `{"$binary": "..."}` in Base64.

**Set** with *Only if* says in `stored` whether it was done. **Increment** with an end counts within a window: the end
is that of the first increment. **List keys** goes through the keys with `SCAN`, and never holds the server up.

**Send a command** takes commands that read and write data: strings, hashes, lists, sets, sorted sets, streams, bits,
places, JSON and the like. What changes the server, ends it, runs scripts, waits, or empties a database (`CONFIG`,
`SHUTDOWN`, `EVAL`, `BLPOP`, `FLUSHALL`, `KEYS`) is refused. Words go in quotes as in redis-cli: a value that an
expression writes into the text could hold quotes itself, so give a list where values are not your own.

**Retries.** Increments, pushes and pops are done again where the node tries again after a lost connection.

**Output.** Get: `key`, `value` (null where there is none), `found`. Set: `key`, `stored`. Delete: `key`, `deleted`.
Increment: `key`, `value`. Let a key end: `key`, `found`. List keys: `key` each. Hash: `key`, `value`, `found`; `key`,
`added`. List push: `key`, `length`; pop: `key`, `value` for each entry, nothing from an empty list. Set add: `key`,
`added`; members: `key`, `value` each. Publish: `channel`, `receivers`. Command: `result`.

**Errors.** `RedisRefused` (with Redis's own words: a key of another type, no right), `RedisUnavailable` (a retry can
help).

**Example.** *Increment a number*, key `visits:{{ $json.ip }}`, ends after 60 seconds: visits within a minute.
"""

SPEC = NodeSpec(
    type="redis",
    name="Redis",
    category=Category.DATA,
    icon="database-zap",
    summary="Reads and writes keys, hashes, lists and sets of a Redis server.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {key}",
    credentials=("redis",),
    network=True,
    layers=("redis",),
    timeout_seconds=60,
    errors=("RedisRefused", "RedisUnavailable", "ConnectionFailed", "AddressForbidden"),
    retryable=("RedisUnavailable", "ConnectionFailed"),
    output_example=({"key": "customer:7", "value": {"name": "Ada"}, "found": True},),
)
