"""The respond-to-webhook node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import NameValue, Text


class Params(NodeParams):
    """The answer."""

    body_kind: Literal["firstItem", "allItems", "json", "text", "file", "redirect", "none"] = ui(
        "firstItem",
        title="Answer with",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("firstItem", "The first item"),
            ("allItems", "All items, as a list"),
            ("json", "JSON"),
            ("text", "Text"),
            ("file", "A file"),
            ("redirect", "A redirect"),
            ("none", "Nothing"),
        ],
    )
    json_body: Any = ui(
        None,
        title="JSON",
        kind=Kind.JSON,
        placeholder='{"received": "{{ $items.length }}"}',
        help="JSON, or one expression that gives it.",
        show_when={"bodyKind": ["json"]},
    )
    text_body: Text = ui("", title="Text", kind=Kind.MULTILINE, show_when={"bodyKind": ["text"]})
    content_type: Text = ui(
        "text/plain; charset=utf-8",
        title="Content type",
        kind=Kind.TEXT,
        show_when={"bodyKind": ["text"]},
        max_length=200,
    )
    file_name: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="Its name in binary of the first item. At most 4.2 MB.",
        show_when={"bodyKind": ["file"]},
        max_length=200,
    )
    redirect_url: Text = ui(
        "",
        title="Address",
        kind=Kind.TEXT,
        placeholder="https://shop.example/thanks",
        help="Where the caller is sent: with status 302, unless the status is another of 3xx.",
        show_when={"bodyKind": ["redirect"]},
        required_when_shown=True,
        max_length=4000,
    )
    status_code: int = ui(200, title="Status", kind=Kind.NUMBER, ge=200, le=599)
    headers: list[NameValue] = ui(
        ..., title="Headers", kind=Kind.KEY_VALUE, group="options", default_factory=list, max_length=50
    )


DOCS = """\
Answers the request that started the workflow. The workflow goes on after it; the first answer given counts.

The webhook must be set to answer *With a Respond to webhook node*. In a workflow that something else started, the
answer is recorded with the execution.

**Output.** The input items, unchanged.

Text is sent as it is written, whatever its content type, in the charset that the content type names. *Nothing* is an
empty body, and so is any answer with status 204, 205 or 304.

A file has the content type it came with, and its name as `content-disposition` where you set none.

**Headers.** The usual ones of an answer (`cache-control`, `content-disposition`, `etag`, `location`, `retry-after`,
`vary`, ...) and any that begin with `x-`, `ratelimit-` or `webhook-`. Addresses and file names in other letters are
encoded; other values carry Latin letters only.

**Errors.** `FileMissing`: the first item has no such file. `ResponseNotAllowed`, for an address that is none of the web
(`https://...`, or a path), and for headers that are not for a workflow to set: cookies, security policies, those of
the server (`content-length`, `connection`, ...), and values with a line break or letters that headers cannot carry.

**Example.** Status 201, JSON `{"received": "{{ $items.length }}"}`.
"""

SPEC = NodeSpec(
    type="respond_to_webhook",
    name="Respond to webhook",
    category=Category.FLOW,
    icon="reply",
    summary="Answers the request that started the workflow.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="status {statusCode}",
    is_response=True,
    timeout_seconds=30,
    errors=("FileMissing", "ResponseNotAllowed"),
    output_example=({"id": 7},),
)
