"""The node as a value that asks an API by its OpenAPI document."""

from typing import Any, Literal

from stepweave.spec.authentication import WAY_CREDENTIALS, Authenticated
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.http_fields import CONNECTION_CREDENTIALS, Connecting, Pacing
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Value(NodeParams):
    """A value that the operation takes; null leaves it out."""

    name: Text = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("values", needs=("api", "operation"), workspace=True),
        max_length=300,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT)


class Field(Value):
    """A field of the body; null leaves it out."""

    name: Text = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("body", needs=("api", "operation"), workspace=True),
        max_length=300,
    )


class Which(NodeParams):
    """Which operation of which API.

    `operation` is the operation's name; a machine that was published carries the operation itself
    (`stepweave.spec.api_operations.ApiCall`).
    """

    api: Text = ui(
        ...,
        title="API",
        kind=Kind.TEXT,
        expression=False,
        help="APIs are added under Settings, by their OpenAPI documents.",
        options_from=OptionsFrom("apis", labelled=True, workspace=True),
        min_length=1,
        max_length=100,
    )
    operation: Any = ui(
        ...,
        title="Operation",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("operations", needs=("api",), searches=True, labelled=True, workspace=True),
    )


class Asked(NodeParams):
    """What the operation gets, and where in the answer the items are."""

    values: list[Value] = ui(
        ...,
        title="Values",
        kind=Kind.MAPPING,
        help="Of path, query, headers and cookies, as the document names them.",
        default_factory=list,
        max_length=200,
    )
    body_as: Literal["fields", "json", "text", "file"] = ui(
        "fields",
        title="Body",
        kind=Kind.SELECT,
        expression=False,
        options=[("fields", "Its fields"), ("json", "JSON"), ("text", "Text"), ("file", "File")],
    )
    body: list[Field] = ui(
        ...,
        title="Fields of the body",
        kind=Kind.MAPPING,
        help="As the document names them; none where the operation takes no body.",
        default_factory=list,
        max_length=300,
        show_when={"bodyAs": ["fields"]},
    )
    json_body: Any = ui(
        None,
        title="JSON",
        kind=Kind.JSON,
        placeholder='{"id": "{{ $json.id }}"}',
        help="JSON, or one expression that gives it: {{ $json }}.",
        show_when={"bodyAs": ["json"]},
    )
    text_body: Text = ui("", title="Text", kind=Kind.MULTILINE, show_when={"bodyAs": ["text"]})
    file_body: Any = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of the item's file, or an expression that gives it: {{ $binary.data }}.",
        show_when={"bodyAs": ["file"]},
    )
    items_at: Text = ui(
        "",
        title="Where the list is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="data.orders",
        help="The path to the list in a JSON answer, whose entries become the items. Empty: the answer itself.",
        group="options",
        max_length=300,
    )
    max_response_mb: int = ui(
        10,
        title="Largest response in MB",
        kind=Kind.NUMBER,
        expression=False,
        help="Files may have up to 500, JSON and text up to 50.",
        group="options",
        ge=1,
        le=500,
    )


class Params(Connecting, Pacing, Asked, Authenticated, Which):
    """What is asked of which API, and how it is asked."""


DOCS = """\
Asks an API that the workspace knows by its OpenAPI document (*Settings*, *APIs*): one request for each item. In the
palette each API is an app, and each of its operations an action.

**Values and fields** have the names that the document gives them; those that an operation needs have a row from the
start. A value takes the type that the document says: `7` of a number is a number, `[1, 2]` of a list is a list. Null or
a missing field leaves a row out. Lists and objects are written as the document says (`style`, `explode`). A file of a
form is the name of one of the item's files.

**Body.** *JSON* sends a body as you write it, for what has no fields or more than the document says; *Text* and *File*
are for operations that take such.

**Published versions** carry the operation as the document had it when they were published: a new document changes
drafts and what is published after it.

**Output.** JSON objects become items as they are, a list becomes one item for each entry, any other value and text
stand under `data`, a file in `binary.data`. *Where the list is* names the list within the answer.

**Errors.** `ApiOperationMissing` (the API or the operation is not there any more), `ParameterInvalid` (a value that the
operation needs is missing, is of another type, or is none of its own), `HttpClientError` (4xx), `HttpRateLimited`
(429), `HttpServerError` (5xx), `ResponseInvalid`, `ResponseTooLarge`, `RequestTimeout`, `ConnectionFailed`,
`AddressForbidden`, `TooManyRedirects`, `CredentialNotForHost`.

**Example.** API *Shelf*, operation *Add a book*, field `title` = `{{ $json.title }}`.
"""

SPEC = NodeSpec(
    type="api_operation",
    name="API operation",
    category=Category.NETWORK,
    icon="braces",
    summary="Asks an API of yours by its OpenAPI document.",
    docs=DOCS,
    params=Params,
    subtitle="{operation}",
    credentials=(*WAY_CREDENTIALS, *CONNECTION_CREDENTIALS),
    network=True,
    timeout_seconds=120,
    memory_mb=512,
    errors=("ApiOperationMissing", *HTTP_ERRORS),
    retryable=HTTP_RETRYABLE,
    output_example=({"id": 7, "title": "Emma"},),
)
