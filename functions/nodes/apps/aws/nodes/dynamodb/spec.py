"""The node for DynamoDB as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_KEYED = {"operation": ["get", "update", "delete"]}
_MANY = {"operation": ["query", "scan"]}
_CHANGES = {"operation": ["put", "update", "delete"]}


class Params(NodeParams):
    """What to do with items of which table."""

    credential: str = credential_field()
    operation: Literal["get", "put", "update", "delete", "query", "scan"] = ui(
        "get",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("get", "Get an item"),
            ("put", "Put an item"),
            ("update", "Update an item"),
            ("delete", "Delete an item"),
            ("query", "Query items of a partition"),
            ("scan", "Scan the table"),
        ],
    )
    table: Text = ui(
        ...,
        title="Table",
        kind=Kind.TEXT,
        placeholder="orders",
        options_from=OptionsFrom("tables", needs=("credential",)),
        min_length=1,
        max_length=1024,
    )
    key: Any = ui(
        None,
        title="Key",
        kind=Kind.JSON,
        placeholder='{"customer": "{{ $json.customer }}", "order": 7}',
        help="The partition key, and the sort key where the table has one.",
        show_when=_KEYED,
        required_when_shown=True,
    )
    item: Any = ui(
        None,
        title="Item",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="An item with the same key is replaced.",
        show_when={"operation": ["put"]},
        required_when_shown=True,
    )
    changes: Any = ui(
        None,
        title="Set attributes",
        kind=Kind.JSON,
        placeholder='{"status": "paid", "note": null}',
        help="By name; null removes one. Or write an update expression under Options.",
        show_when={"operation": ["update"]},
    )
    key_condition: Text = ui(
        "",
        title="Key condition",
        kind=Kind.TEXT,
        placeholder="customer = :customer AND begins_with(#order, :year)",
        show_when={"operation": ["query"]},
        required_when_shown=True,
        max_length=4096,
    )
    values: Any = ui(
        None,
        title="Values of :names",
        kind=Kind.JSON,
        placeholder='{":customer": "{{ $json.customer }}", ":year": "2026"}',
        help="What the expressions name with a colon.",
        show_when={"operation": ["put", "update", "delete", "query", "scan"]},
    )
    names: Any = ui(
        None,
        title="Attributes of #names",
        kind=Kind.JSON,
        placeholder='{"#order": "order"}',
        help="For attributes whose names DynamoDB reserves; an unknown #name is the attribute of that name.",
        group="options",
    )
    update_expression: Text = ui(
        "",
        title="Update expression",
        kind=Kind.TEXT,
        placeholder="ADD visits :one SET seen = :now",
        show_when={"operation": ["update"]},
        group="options",
        max_length=4096,
    )
    condition: Text = ui(
        "",
        title="Only if",
        kind=Kind.TEXT,
        placeholder="attribute_not_exists(customer) OR version = :version",
        help="Else the item fails with DynamoConditionFailed, and nothing is changed.",
        show_when=_CHANGES,
        group="options",
        max_length=4096,
    )
    filter: Text = ui(
        "",
        title="Filter",
        kind=Kind.TEXT,
        placeholder="#total > :least",
        help="Applied after reading: what it drops has been read, and paid for.",
        show_when=_MANY,
        max_length=4096,
    )
    index: Text = ui(
        "",
        title="Index",
        kind=Kind.TEXT,
        options_from=OptionsFrom("indexes", needs=("credential", "table")),
        show_when=_MANY,
        max_length=255,
    )
    limit: int = ui(100, title="Items at most", kind=Kind.NUMBER, show_when=_MANY, ge=1, le=100_000)
    newest_first: bool = ui(
        False,
        title="Sort key descending",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["query"]},
    )
    attributes: Text = ui(
        "",
        title="Attributes only",
        kind=Kind.TEXT,
        placeholder="customer, total",
        help="Empty: all. A projection expression.",
        show_when={"operation": ["get", "query", "scan"]},
        group="options",
        max_length=4096,
    )
    consistent: bool = ui(
        False,
        title="Consistent read",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["get", "query", "scan"]},
        group="options",
    )
    typed: bool = ui(
        False,
        title="DynamoDB JSON",
        kind=Kind.BOOLEAN,
        expression=False,
        help='Items with their types, both ways: {"id": {"S": "a"}, "n": {"N": "1"}}.',
        group="options",
    )
    region: Text = region_field()


DOCS = """\
Reads and writes items of a table of DynamoDB.

**Put, delete** without a condition go in batches of 25; what DynamoDB leaves undone is sent again, and then fails by
itself. With *Only if*, and with *Update*, each item is a call of its own. Of two items with one key the later stays.

**Types.** JSON's own; besides, `{"$number": "12345678901234567890.1"}` is a number of up to 38 digits,
`{"$set": ["a"]}` a set and `{"$binary": "aGk="}` bytes. Read, numbers are JSON numbers, or text where JSON would round
them; sets are lists, bytes Base64. *DynamoDB JSON* keeps all types both ways.

**Expressions** name values with a colon (`:total`) and attributes as they are, or with `#` where DynamoDB reserves the
name (`#status`). *Set attributes* needs neither.

**Rights.** `dynamodb:GetItem`, `PutItem`, `UpdateItem`, `DeleteItem`, `BatchWriteItem`, `Query`, `Scan`; `ListTables`
and `DescribeTable` for the form.

**Output.** Get, query, scan: the items; nothing where there is none. Put: the item. Update: the item as it is then.
Delete: `{deleted, ...key}`.

**Errors.** `DynamoConditionFailed` (with the item that is there in `details.item`), `AwsResourceMissing`, `AwsRefused`
(DynamoDB's own code and words: `ValidationException`, ...), `AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited`
(throttled), `HttpServerError`, `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`.

**Example.** *Query*, key condition `customer = :c`, values `{":c": "{{ $json.customer }}"}`.
"""

SPEC = action_node(
    type="aws_dynamodb",
    name="AWS DynamoDB",
    icon="table-2",
    summary="Gets, puts, updates, deletes, queries and scans items of tables.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    errors=("DynamoConditionFailed",),
    output_example=({"customer": "c7", "order": 7, "total": 19.5},),
)
