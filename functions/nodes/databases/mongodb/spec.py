"""The MongoDB node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_FILTERED = ["find", "update", "replace", "delete", "count", "distinct"]


class Params(NodeParams):
    """What to do with documents of which collection."""

    credential: str = ui(
        ..., title="Database", kind=Kind.CREDENTIAL, credential="mongodb", expression=False, min_length=1
    )
    operation: Literal["find", "aggregate", "insert", "update", "replace", "delete", "count", "distinct"] = ui(
        "find",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("find", "Find documents"),
            ("aggregate", "Aggregate"),
            ("insert", "Insert documents"),
            ("update", "Update documents"),
            ("replace", "Replace a document"),
            ("delete", "Delete documents"),
            ("count", "Count documents"),
            ("distinct", "Get distinct values"),
        ],
    )
    collection: Text = ui(
        ...,
        title="Collection",
        kind=Kind.TEXT,
        placeholder="orders",
        options_from=OptionsFrom("collections", needs=("credential", "database")),
        min_length=1,
        max_length=255,
    )
    database: Text = ui(
        "",
        title="Database",
        kind=Kind.TEXT,
        expression=False,
        help="Empty: the credential's.",
        group="options",
        max_length=63,
    )
    filter: Any = ui(
        None,
        title="Filter",
        kind=Kind.JSON,
        placeholder='{"customer": "{{ $json.customer }}", "total": {"$gt": 10}}',
        help='An id is {"_id": {"$oid": "..."}}. {} are all documents, which changes must say.',
        show_when={"operation": _FILTERED},
    )
    pipeline: Any = ui(
        None,
        title="Pipeline",
        kind=Kind.JSON,
        placeholder='[{"$group": {"_id": "$customer", "sum": {"$sum": "$total"}}}]',
        help="A list of stages.",
        show_when={"operation": ["aggregate"]},
        required_when_shown=True,
    )
    document: Any = ui(
        None,
        title="Document",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        show_when={"operation": ["insert", "replace"]},
        required_when_shown=True,
    )
    changes: Any = ui(
        None,
        title="Changes",
        kind=Kind.JSON,
        placeholder='{"$set": {"status": "paid"}, "$inc": {"visits": 1}}',
        help="With operators, or a list of stages.",
        show_when={"operation": ["update"]},
        required_when_shown=True,
    )
    many: bool = ui(
        False,
        title="All that the filter finds",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: one of them.",
        show_when={"operation": ["update", "delete"]},
    )
    upsert: bool = ui(
        False,
        title="Insert it if there is none",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["update", "replace"]},
    )
    field: Text = ui(
        "",
        title="Field",
        kind=Kind.TEXT,
        placeholder="address.city",
        show_when={"operation": ["distinct"]},
        required_when_shown=True,
        max_length=500,
    )
    projection: Any = ui(
        None,
        title="Fields",
        kind=Kind.JSON,
        placeholder='{"customer": 1, "total": 1}',
        help="Empty: all. 1 takes a field, 0 leaves it out.",
        show_when={"operation": ["find"]},
    )
    sort: Any = ui(
        None,
        title="Sort",
        kind=Kind.JSON,
        placeholder='{"date": -1}',
        help="1 ascending, -1 descending; the first field counts first.",
        show_when={"operation": ["find"]},
    )
    limit: int = ui(
        100,
        title="Documents at most",
        kind=Kind.NUMBER,
        show_when={"operation": ["find", "aggregate"]},
        ge=1,
        le=100_000,
    )
    skip: int = ui(0, title="Leave out the first", kind=Kind.NUMBER, show_when={"operation": ["find"]}, ge=0)
    shape: Literal["relaxed", "canonical", "plain"] = ui(
        "relaxed",
        title="Types as",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("relaxed", "Extended JSON: ids, dates, decimals, bytes"),
            ("canonical", "Extended JSON: numbers, too"),
            ("plain", "Plain text and numbers"),
        ],
        help="Of what comes out. Extended JSON can be written back as it is.",
        group="options",
    )
    seconds: float = ui(
        30,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For one operation.",
        group="options",
        gt=0,
        le=240,
    )
    allow_javascript: bool = ui(
        False,
        title="Allow JavaScript in the server",
        kind=Kind.BOOLEAN,
        expression=False,
        help="$where, $function and $accumulator: a value that comes into them is code.",
        group="options",
    )


DOCS = """\
Reads and writes documents of a MongoDB collection.

**Types** are written as Extended JSON in what goes in: `{"$oid": "..."}`, `{"$date": "2026-11-30T09:00:00Z"}`,
`{"$numberDecimal": "19.90"}`, `{"$numberLong": "5"}`, `{"$binary": {"base64": "...", "subType": "00"}}`. What comes out
is Extended JSON as well, so that a document can be written back; or plain: ids, dates and decimals as texts, bytes in
Base64.

**Insert** takes up to 1,000 items in one call; each succeeds or fails on its own. A document without `_id` gets one
that stays over the attempts of its item, so an attempt that is repeated inserts nothing twice.

**Filters** are data: a value from outside that is an object (`{"$ne": ""}`) would be one with operators, so write
`{"name": {"$eq": "{{ $json.name }}"}}` where you do not know what it is. JavaScript in filters and stages is refused
unless the node allows it.

**Output.** Find, aggregate: the documents. Insert: `insertedId`. Update, replace: `matched`, `modified`, and
`upsertedId` where there was none. Delete: `deleted`. Count: `count`. Distinct: `value` each.

**Errors.** `MongoRefused` (with MongoDB's code and words: `11000` of a value that is there already, a wrong log-in, a
wrong query), `MongoTimeout`, `MongoUnavailable` (a retry can help).

**Example.** *Find documents*, collection `orders`, filter `{"customer": "{{ $json.id }}"}`, sort `{"date": -1}`.
"""

SPEC = NodeSpec(
    type="mongodb",
    name="MongoDB",
    category=Category.DATA,
    icon="leaf",
    summary="Finds, aggregates, inserts, updates and deletes documents.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {collection}",
    credentials=("mongodb",),
    network=True,
    layers=("mongo",),
    timeout_seconds=300,
    memory_mb=512,
    errors=("MongoRefused", "MongoUnavailable", "MongoTimeout", "ConnectionFailed", "AddressForbidden"),
    retryable=("MongoUnavailable", "ConnectionFailed"),
    output_example=({"_id": {"$oid": "6565a1f0c2a4b5d6e7f80910"}, "customer": "c7", "total": 19.5},),
)
