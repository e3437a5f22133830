"""The GraphQL node as a value."""

from typing import Any, Literal

from stepweave.spec.authentication import WAY_CREDENTIALS, Authenticated
from stepweave.spec.fields import Kind, ui
from stepweave.spec.http_fields import CONNECTION_CREDENTIALS, Connecting, Pacing, Row
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec
from stepweave.spec.parts import Text


class _Endpoint:
    """Where it is."""

    url: Text = ui(
        ...,
        title="Endpoint",
        kind=Kind.TEXT,
        placeholder="https://api.example.com/graphql",
        min_length=1,
        max_length=8192,
    )


class _Query:
    """What is asked, and what becomes of the answer."""

    query: Text = ui(
        ...,
        title="Query",
        kind=Kind.CODE,
        language="graphql",
        expression=False,
        placeholder="query Orders($status: String) {\n  orders(status: $status) { id }\n}",
        help="A query or a mutation. What differs from item to item belongs in the variables.",
        min_length=1,
        max_length=100_000,
    )
    variables: Any = ui(
        None,
        title="Variables",
        kind=Kind.JSON,
        placeholder='{"status": "{{ $json.status }}"}',
        help="A JSON object, or one expression that gives it: {{ $json }}.",
    )
    operation_name: Text = ui(
        "",
        title="Operation",
        kind=Kind.TEXT,
        help="Which one, where the query has several.",
        max_length=200,
    )
    items_at: Text = ui(
        "",
        title="Where the items are",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders.nodes",
        help="The path in data to a list, or to a connection with nodes or edges. Empty: data is one item.",
        max_length=500,
    )
    paging: Literal["none", "relay"] = ui(
        "none",
        title="Pages",
        kind=Kind.SELECT,
        expression=False,
        options=[("none", "One answer"), ("relay", "All of a connection (Relay)")],
    )
    cursor_variable: Text = ui(
        "after",
        title="Variable of the cursor",
        kind=Kind.TEXT,
        expression=False,
        help="The query takes it as $after: orders(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage "
        "endCursor } }.",
        show_when={"paging": ["relay"]},
        min_length=1,
        max_length=200,
    )
    most_pages: int = ui(
        100,
        title="Pages at most",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"paging": ["relay"]},
        ge=1,
        le=10_000,
    )
    most_items: int | None = ui(
        None,
        title="Items at most",
        kind=Kind.NUMBER,
        help="Of each input item. Empty: all.",
        show_when={"paging": ["relay"]},
        ge=1,
        le=1_000_000,
    )
    on_errors: Literal["fail", "partial"] = ui(
        "fail",
        title="When the answer has errors",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("partial", "Give the data that came, and the errors")],
        help="With data, the errors stand in the item under errors.",
    )


class _Options:
    """The rest."""

    headers: list[Row] = ui(
        ..., title="Headers", kind=Kind.KEY_VALUE, default_factory=list, group="options", max_length=200
    )
    max_response_mb: int = ui(
        10, title="Largest answer in MB", kind=Kind.NUMBER, expression=False, group="options", ge=1, le=50
    )


class Params(Connecting, Pacing, _Options, _Query, Authenticated, _Endpoint):
    """A query, where it goes, and how."""


DOCS = """\
Sends a query or a mutation to a GraphQL endpoint for each input item, as JSON with POST.

**Query and variables.** The query is the same for all items; values belong into *Variables*, which may hold
expressions, so that nothing in a value can change the query. `$name` in the query is GraphQL's own.

**Output.** `data` of the answer as one item; with *Where the items are*, an item for each entry of the list at that
path, of a connection for each of its `nodes`, or the `node` of each of its `edges`.

**Pages.** *All of a connection* asks again with `endCursor` in the variable as long as `pageInfo.hasNextPage` is true.
*Where the items are* names the connection (`viewer.repositories`). The same cursor twice, a next page without a
cursor, or more pages than allowed are errors.

**Errors in the answer.** A server may answer with status 200 and `errors`. That is `GraphQLError` with the server's
messages and their paths, also where data came besides; *Give the data that came* makes an item of it, with `errors`
beside the data. Status 400 and above with `errors` in the body is told in the same words.

**Authentication, connections, rate.** As with *HTTP request*.

**Errors.** `GraphQLError`, `HttpClientError` (status 4xx), `HttpRateLimited` (429), `HttpServerError` (5xx),
`ConnectionFailed`, `RequestTimeout`, `ResponseInvalid` (no JSON, or no GraphQL answer, pages that repeat),
`ResponseTooLarge` (or too many pages), `AddressForbidden`, `TooManyRedirects`, `CredentialNotForHost`.

**Example.** Query `query ($login: String!) { user(login: $login) { name } }`, variables
`{"login": "{{ $json.login }}"}`.
"""

SPEC = NodeSpec(
    type="graphql",
    name="GraphQL",
    category=Category.NETWORK,
    icon="waypoints",
    summary="Asks a GraphQL endpoint, once per item, through all pages where it is asked to.",
    docs=DOCS,
    params=Params,
    subtitle="{url}",
    credentials=(*WAY_CREDENTIALS, *CONNECTION_CREDENTIALS),
    network=True,
    timeout_seconds=120,
    memory_mb=512,
    errors=(*HTTP_ERRORS, "GraphQLError"),
    retryable=HTTP_RETRYABLE,
    output_example=({"id": 7, "status": "open"},),
)
