"""The HTTP request node as a value."""

from typing import Any, Literal

from stepweave.spec.authentication import Way, credential_field, way_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec
from stepweave.spec.parts import Text

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_WITH_BODY = {"method": ["POST", "PUT", "PATCH", "DELETE"]}


class Row(NodeParams):
    """A name with a value, or with a list of them; null leaves the row out."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, max_length=500)
    value: Any = ui("", title="Value", kind=Kind.TEXT)


class Params(NodeParams):
    """The request, and what becomes of the response."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] = ui(
        "GET", title="Method", kind=Kind.SELECT, expression=False, options=[(name, name) for name in METHODS]
    )
    url: Text = ui(
        ...,
        title="URL",
        kind=Kind.TEXT,
        placeholder="https://api.example.com/orders/{{ $json.id }}",
        min_length=1,
        max_length=8192,
    )
    authentication: Way = way_field()
    header_credential: str = credential_field("Secret header", "http_header", shown_by="header")
    basic_credential: str = credential_field("User and password", "http_basic", shown_by="basic")
    oauth2_credential: str = credential_field("OAuth2", "oauth2", shown_by="oauth2")
    client_credential: str = credential_field("OAuth2 client", "oauth2_client", shown_by="client")
    query: list[Row] = ui(
        ...,
        title="Query",
        kind=Kind.KEY_VALUE,
        help="Added to the URL. A list repeats its name; a missing value leaves the row out.",
        default_factory=list,
        max_length=200,
    )
    headers: list[Row] = ui(..., title="Headers", kind=Kind.KEY_VALUE, default_factory=list, max_length=200)
    body_kind: Literal["none", "json", "form", "multipart", "file", "text"] = ui(
        "none",
        title="Body",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("none", "None"),
            ("json", "JSON"),
            ("form", "Form fields"),
            ("multipart", "Form with files"),
            ("file", "File"),
            ("text", "Text"),
        ],
        show_when=_WITH_BODY,
    )
    json_body: Any = ui(
        None,
        title="JSON",
        kind=Kind.JSON,
        placeholder='{"id": "{{ $json.id }}"}',
        help="JSON, or one expression that gives it: {{ $json }}.",
        show_when={**_WITH_BODY, "bodyKind": ["json"]},
    )
    form_body: list[Row] = ui(
        ...,
        title="Fields",
        kind=Kind.KEY_VALUE,
        default_factory=list,
        max_length=200,
        show_when={**_WITH_BODY, "bodyKind": ["form", "multipart"]},
    )
    form_files: list[Row] = ui(
        ...,
        title="Files",
        kind=Kind.KEY_VALUE,
        help="The form's field, and the name of the item's file (data) or an expression that gives it.",
        default_factory=list,
        max_length=50,
        show_when={**_WITH_BODY, "bodyKind": ["multipart"]},
    )
    file_body: Any = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of the item's file, or an expression that gives it: {{ $binary.data }}.",
        show_when={**_WITH_BODY, "bodyKind": ["file"]},
    )
    text_body: Text = ui("", title="Text", kind=Kind.MULTILINE, show_when={**_WITH_BODY, "bodyKind": ["text"]})
    content_type: Text = ui(
        "text/plain; charset=utf-8",
        title="Content type",
        kind=Kind.TEXT,
        show_when={**_WITH_BODY, "bodyKind": ["text"]},
        max_length=200,
    )
    response_format: Literal["auto", "json", "lines", "text", "binary"] = ui(
        "auto",
        title="Response",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "As its content type says"),
            ("json", "JSON"),
            ("lines", "JSON lines"),
            ("text", "Text"),
            ("binary", "File"),
        ],
        help="JSON and text fail when the response is something else.",
    )
    split_arrays: bool = ui(
        True,
        title="Split lists into items",
        kind=Kind.BOOLEAN,
        expression=False,
        help="A JSON list becomes one item per entry.",
        group="options",
    )
    full_response: bool = ui(
        False,
        title="Include status and headers",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The item is then {status, headers, body}.",
        group="options",
    )
    accept_any_status: bool = ui(
        False,
        title="Accept every status",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Otherwise status 400 and above is an error.",
        group="options",
    )
    follow_redirects: bool = ui(True, title="Follow redirects", kind=Kind.BOOLEAN, expression=False, group="options")
    send_idempotency_key: bool = ui(
        False,
        title="Send an idempotency key",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The same in every attempt of an item, so that a server can tell that a request comes again.",
        group="options",
    )
    idempotency_header: Text = ui(
        "Idempotency-Key",
        title="Header of the key",
        kind=Kind.TEXT,
        show_when={"sendIdempotencyKey": [True]},
        group="options",
        max_length=100,
    )
    timeout_seconds: float = ui(
        30,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        help="For one request, from connecting to the last byte.",
        group="options",
        gt=0,
        le=110,
    )
    concurrency: int = ui(
        5,
        title="Requests at a time",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        ge=1,
        le=20,
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


DOCS = """\
Sends one HTTP request for each input item, a few at a time, and gives back the responses in the order of the items.

**URL.** A percent sign with two hexadecimal digits behind it stays; every other one becomes `%25`, and what a URL
cannot have (spaces, quotes, brackets, backslashes, letters beyond ASCII) is escaped, so nothing is escaped twice.
`&`, `=` and `+` stay what they are, and what follows `#` is not sent: a value that may hold such characters belongs
into *Query*, where everything is escaped. Hosts beyond ASCII are sent as IDNA writes them. Line breaks and user names
are refused.

**Rows of query, headers and form.** A list sends its name once for each entry, null or a missing field leaves the row
out, empty text is sent. Numbers and booleans are written as JavaScript writes them; an object is refused with its
row. Header values beyond ASCII go out as UTF-8. A text body is sent in the charset that its content type declares.

**Form with files** sends `multipart/form-data`: the rows of *Fields*, then those of *Files*, whose values name files of
the item (`data` for `binary.data`; a list sends several under one name) or are files themselves, as
`{{ $binary.data }}` or `{{ $node["Download"].binary.data }}` give them. Names go out in UTF-8; a file without a name
is called `file`, and `{{ ({ ...$binary.data, fileName: "index.html" }) }}` gives it another. The header's boundary is
the node's: a `Content-Type` in *Headers* may say another kind of `multipart/...`, and nothing else. **File** sends a
file as the whole body, with its own content type unless *Headers* says another.
Files are read and sent piece by piece, of any size, with their `Content-Length`; a redirect that keeps the body, or a
retry, begins the file anew.

**Responses that come bit by bit.** Events (`text/event-stream`) and JSON lines are shown in the editor while they
arrive. What the node gives is the whole response when it has ended.

**Output.** The body of each response. JSON objects become items as they are; a JSON list becomes one item per entry
(*Split lists into items*), and so do JSON lines (NDJSON, known by their content type, or chosen); any other JSON
value and text stand under `data`. A response without a body gives an item without fields. A file lies in
`binary.data`, with `fileName`, `mimeType` and `size` in the item. With *Include status and headers* an item is
`{status, headers, body}`: header names are in lower case, `set-cookie` is a list, others that stand several times are
joined by `, `.

**Text.** Its characters are read as, in this order, a byte order mark, the content type's charset, XML's declaration
or HTML's meta say, with the labels that browsers know; without any it is UTF-8, or else windows-1252, which the log
says. A charset that nobody knows is an error unless the bytes are UTF-8.

**Numbers in JSON.** Whole numbers beyond 2^53 become text, so that no digit changes (`"9007199254740993"`); the log
says so. To send one as a number, write the body as JSON text: `{"id": {{ $json.id }}}`. A number too large for a
double (`1e400`), `NaN` and `Infinity` are refused. Of a name that an object has twice, the last counts, and the log
says so.

**OAuth2.** The token goes as `Authorization: Bearer ...` and is renewed before it ends; where the server answers 401
all the same, it is renewed and the request sent once more.

**Redirects.** 301, 302 and 303 turn a POST into a GET without a body; 307 and 308 keep both. Credentials, cookies and
headers whose names tell of a secret (`authorization`, `x-api-key`, `...token...`) go to the first server only.

**Retries.** Items that are done are not sent again. A server that answers 429 or 5xx with `Retry-After` (seconds or a
date) is asked again after that time, where the step lasts that long. *Send an idempotency key* sends a header whose
value is the same in every attempt of an item, and in a run that goes on from a failed one; a row of that name in
*Headers* takes its place. A request without an answer may have been acted on: servers that know the key act once.

**Errors.** `HttpClientError` (status 4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `ConnectionFailed`,
`RequestTimeout`, `ResponseInvalid` (wrong content type, JSON that is none, an unknown charset or compression,
compressed data that breaks off), `ResponseTooLarge`, `AddressForbidden` (a private or internal address),
`TooManyRedirects`, `CredentialNotForHost` (the credential names the hosts it may be sent to, and this is none),
`DataMissing` (a file that is not there any more).
429, 5xx, time-outs and connection failures are retried where the node has retries. The remote's
own words are in the message.

**Example.** `GET https://api.example.com/rates` with query `base` = `{{ $json.currency }}`.
"""

SPEC = NodeSpec(
    type="http_request",
    name="HTTP request",
    category=Category.NETWORK,
    icon="globe",
    summary="Calls any HTTP API, once per item.",
    docs=DOCS,
    params=Params,
    subtitle="{method} {url}",
    credentials=("http_header", "http_basic", "oauth2", "oauth2_client"),
    network=True,
    timeout_seconds=120,
    memory_mb=512,
    errors=HTTP_ERRORS,
    retryable=HTTP_RETRYABLE,
    output_example=({"id": 7, "status": "open"},),
)
