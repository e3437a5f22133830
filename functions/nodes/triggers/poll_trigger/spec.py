"""The trigger that asks a URL for new things, as a value."""

from typing import Literal

from stepweave.spec.authentication import WAY_CREDENTIALS, Authenticated
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.http_fields import CONNECTION_CREDENTIALS, Connecting
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind
from stepweave.spec.parts import Text
from stepweave.spec.triggers import MOST_KEPT, MOST_LISTED, every_field


class Row(NodeParams):
    """A name with a value."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, expression=False, max_length=500)
    value: Text = ui("", title="Value", kind=Kind.TEXT, expression=False)


class _Listing(NodeParams):
    """Which list is watched, and how its entries are told apart."""

    url: str = ui(
        ...,
        title="URL",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://api.example.com/orders",
        help="It is asked with GET, and answers with JSON.",
        min_length=1,
        max_length=8192,
    )
    every_minutes: int = every_field()
    list_at: str = ui(
        "",
        title="Where the list is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="data.orders",
        help="The path to the list in the answer. Empty: the answer is the list.",
        max_length=500,
    )
    known_by: Literal["id", "content"] = ui(
        "id",
        title="Entries are told apart",
        kind=Kind.SELECT,
        expression=False,
        options=[("id", "By a field"), ("content", "By all that is in them")],
    )
    id_at: str = ui(
        "id",
        title="The field",
        kind=Kind.TEXT,
        expression=False,
        help="The path to the id in an entry. An entry that changes and keeps its id is not new.",
        show_when={"knownBy": ["id"]},
        min_length=1,
        max_length=500,
    )
    order: Literal["newestFirst", "oldestFirst"] = ui(
        "newestFirst",
        title="Order of the list",
        kind=Kind.SELECT,
        expression=False,
        options=[("newestFirst", "Newest first"), ("oldestFirst", "Oldest first")],
        help="The workflow gets new entries oldest first.",
    )
    start_with: Literal["new", "all"] = ui(
        "new",
        title="When it is published",
        kind=Kind.SELECT,
        expression=False,
        options=[("new", "Wait for what is new"), ("all", "Start with what is there")],
    )


class _Asking(NodeParams):
    """What goes along with the URL."""

    query: list[Row] = ui(
        ...,
        title="Query",
        kind=Kind.KEY_VALUE,
        expression=False,
        help="Added to the URL.",
        default_factory=list,
        max_length=200,
    )
    headers: list[Row] = ui(
        ..., title="Headers", kind=Kind.KEY_VALUE, expression=False, default_factory=list, max_length=200
    )
    since_query: str = ui(
        "",
        title="Ask only for newer: query",
        kind=Kind.TEXT,
        expression=False,
        placeholder="since",
        help="The name of a query parameter that is sent with what the newest entry has in the next field.",
        group="options",
        max_length=200,
    )
    since_at: str = ui(
        "",
        title="Ask only for newer: field",
        kind=Kind.TEXT,
        expression=False,
        placeholder="createdAt",
        group="options",
        max_length=500,
    )


class Params(Connecting, _Asking, Authenticated, _Listing):
    """The list, and how it is asked for."""


DOCS = f"""\
Asks a URL for a list, every so many minutes, and starts the published workflow with the entries that are new.

**Each new entry once.** Which entries were there is remembered, so the list's order does not matter, an entry that
goes and comes back is not new, and nothing is lost where the server, the network or the platform fails: the next time
goes on from there. Ids are compared as text: 7 and "7" are one. An entry without an id is told apart by its content;
where no entry has one, that is an error. *By all that is in them* makes an entry new whenever anything in it changes.
A list may have {MOST_LISTED} entries; remembered are those and, up to {MOST_KEPT}, the last ones that are gone from it.

**At first.** Publishing asks once, and is refused where that fails. What is there then starts nothing, unless *Start
with what is there* is chosen. Publishing again goes on from where it was, as long as URL, query, list and field stay;
with others it begins anew.

**Only what is newer.** For servers that can: *Ask only for newer* sends a field of the newest entry (`createdAt`) as a
query parameter (`since`). A server may send that entry again. A server that gives an `ETag` is asked with
`If-None-Match`, and may answer 304.

**Output.** One item for each new entry, the oldest first, up to 100 in one execution; further ones start the next. An
entry that is no object stands under `data`.

**Errors.** `HttpClientError` (4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `ConnectionFailed`,
`RequestTimeout`, `ResponseInvalid` (no JSON, no list, no ids), `ResponseTooLarge`, `AddressForbidden`,
`TooManyRedirects`, `CredentialNotForHost`, `CredentialMissing`. They are shown on the schedules page and at the node.
It is asked again later each time, after `Retry-After` where the server says so; the fifth failure in a row is a failed
execution, which starts the error workflow.

**Example.** `https://api.example.com/orders?sort=-created`, list at `data`, field `id`, every 5 minutes.
"""

SPEC = NodeSpec(
    type="poll_trigger",
    name="New items at a URL",
    category=Category.TRIGGER,
    icon="list-plus",
    summary="Asks a URL again and again, and starts with what is new.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{url}",
    trigger=TriggerKind.APP,
    listens=TriggerCode(polls=True, every="everyMinutes"),
    credentials=(*WAY_CREDENTIALS, *CONNECTION_CREDENTIALS),
    network=True,
    timeout_seconds=60,
    memory_mb=512,
    errors=HTTP_ERRORS,
    retryable=HTTP_RETRYABLE,
    output_example=({"id": 7, "status": "open"},),
)
