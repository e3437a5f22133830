"""The fields of the HTTP request node, by what they are about.

They stand in plain classes: pydantic builds one class out of them, not one for each and copies of their fields.
"""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.http_fields import Row
from stepweave.spec.parts import Text

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_WITH_BODY: Final = {"method": ["POST", "PUT", "PATCH", "DELETE"]}


class Address:
    """What is asked."""

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


class Content:
    """What is sent."""

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


class Answers:
    """What becomes of the response."""

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
    items_at: Text = ui(
        "",
        title="Where the list is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="data.orders",
        help="The path to the list in a JSON answer, whose entries become the items. Empty: the answer itself.",
        max_length=500,
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
    most_redirects: int = ui(
        10,
        title="Redirects at most",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"followRedirects": [True]},
        group="options",
        ge=1,
        le=20,
    )
    keep_method: bool = ui(
        False,
        title="Keep the method when redirected",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Send a POST that is redirected with 301 or 302 as a POST again, with its body.",
        show_when={"followRedirects": [True]},
        group="options",
    )
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
