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


DOCS = """\
Gives the workflow a URL and starts it with each request that arrives there.

**Output.** One item: `method`, `path`, `headers` (names in lower case), `query`, and `body`: JSON where the request
was JSON, an object of fields where it was a form, text otherwise.

**Errors.** Requests are refused before anything runs: 404 for an unknown path, 401 without the right secret, 400 when
the body must be JSON and is not, 413 when it is too large.

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
