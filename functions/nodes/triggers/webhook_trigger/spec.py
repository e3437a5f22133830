"""The webhook trigger as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind

MAX_BODY_KB = 4096
"""4 MiB: in base64 with its headers this still fits Lambda's 6 MB request (AWS Lambda quotas)."""


class Params(NodeParams):
    """Which requests start the workflow, and how they are answered."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = ui(
        "POST",
        title="Method",
        kind=Kind.SELECT,
        expression=False,
        options=[(method, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")],
    )
    path: str = ui(
        ...,
        title="Path",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders/new",
        help="The last part of the URL. Letters, digits, dot, dash, underscore and slash.",
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
    )
    body_type: Literal["json", "any"] = ui(
        "json",
        title="Body",
        kind=Kind.SELECT,
        expression=False,
        options=[("json", "Must be JSON"), ("any", "Anything")],
        help="A body that is not JSON where it must be is refused with status 400.",
        show_when={"method": ["POST", "PUT", "PATCH"]},
    )
    respond: Literal["immediately", "lastNode", "respondNode"] = ui(
        "immediately",
        title="Answer",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("immediately", "At once, with status 202"),
            ("lastNode", "With the last node's items"),
            ("respondNode", "With a Respond to webhook node"),
        ],
        help="A caller waits at most 28 seconds; after that it gets status 202 and a URL to ask at.",
    )
    authentication: Literal["none", "header", "basic"] = ui(
        "none",
        title="Who may call",
        kind=Kind.SELECT,
        expression=False,
        options=[("none", "Anybody"), ("header", "With a secret header"), ("basic", "With user and password")],
    )
    header_credential: str = ui(
        "",
        title="Secret header",
        kind=Kind.CREDENTIAL,
        credential="http_header",
        expression=False,
        show_when={"authentication": ["header"]},
        required_when_shown=True,
    )
    basic_credential: str = ui(
        "",
        title="User and password",
        kind=Kind.CREDENTIAL,
        credential="http_basic",
        expression=False,
        show_when={"authentication": ["basic"]},
        required_when_shown=True,
    )
    max_body_kb: int = ui(
        1024,
        title="Largest body in KB",
        kind=Kind.NUMBER,
        expression=False,
        help="A larger body is refused with status 413.",
        group="options",
        ge=1,
        le=MAX_BODY_KB,
    )
    allowed_origins: str = ui(
        "*",
        title="Pages that may call",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://shop.example, https://admin.example",
        help="Origins whose pages may call from a browser: * for all, a list with commas, or empty for none.",
        group="options",
        max_length=2000,
        pattern=r"^(\*|\s*|\s*https?://[^\s,/]+\s*(,\s*https?://[^\s,/]+\s*)*)$",
    )
    raw_body: bool = ui(
        False,
        title="Keep the raw body",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Adds rawBody: the body exactly as it was sent, to check signatures.",
        group="options",
    )


DOCS = """\
Gives the workflow a URL and starts it with each request that arrives there.

**Output.** One item: `method`, `path`, `headers` (names in lower case), `query`, and `body`: JSON where the request
was JSON, an object of fields where it was a form, text of the charset it names where it was text. Fields that come
several times, or whose name ends in `[]`, are a list. Files of a form lie in `binary`, under their fields' names; any
other body is a file too, `binary.data`, and `body` tells its type and size. With *Keep the raw body* the item also has
`rawBody`: the text exactly as it was sent; for a body that is no UTF-8 that is null, and `rawBodyBase64` has its bytes.

**Errors.** Requests are refused before anything runs: 404 for an unknown path, 401 without the right secret, 400 when
the body must be JSON and is not, holds what JSON cannot carry, or is a broken form, 413 when it is too large, 415 when
it is packed in a way that is not known here (gzip and deflate are).

**Browsers.** Pages of the origins you allow may call. Their preflights start nothing. A HEAD is served as a GET whose
answer has no body.

**Example.** Path `orders/new`, answer *With a Respond to webhook node*. `curl -X POST .../hooks/acme/orders/new -d
'{"id": 7}'` starts the workflow; the next node reads `{{ $json.body.id }}`.
"""

SPEC = NodeSpec(
    type="webhook_trigger",
    name="Webhook",
    category=Category.TRIGGER,
    icon="webhook",
    summary="Starts when a request arrives at its URL.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{method} /{path}",
    trigger=TriggerKind.WEBHOOK,
    credentials=("http_header", "http_basic"),
    output_example=(
        {
            "method": "POST",
            "path": "orders/new",
            "headers": {"content-type": "application/json"},
            "query": {},
            "body": {"id": 7, "amount": 120.5},
        },
    ),
)
