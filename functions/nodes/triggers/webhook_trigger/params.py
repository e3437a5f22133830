"""The webhook trigger's parameters."""

from typing import Final, Literal

from functions.nodes.triggers.webhook_trigger import signing
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import NameValue

MAX_BODY_KB = 4096
"""4 MiB: in base64 with its headers this still fits Lambda's 6 MB request (AWS Lambda quotas)."""
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
_METHODS: Final = tuple((method, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))


class Params(NodeParams):
    """Which requests start the workflow, who may send them, and how they are answered."""

    method: Method = ui("POST", title="Method", kind=Kind.SELECT, expression=False, options=_METHODS)
    more_methods: list[Method] = ui(
        ...,
        title="Other methods",
        kind=Kind.MULTI_SELECT,
        expression=False,
        options=_METHODS,
        help="That start it, too: which one it was is in method.",
        group="options",
        default_factory=list,
        max_length=5,
    )
    path: str = ui(
        ...,
        title="Path",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders/new or orders/:id",
        help="The last part of the URL: letters, digits, dot, dash, underscore, slash. A part with : before it is "
        "a parameter: its value is in params.",
        min_length=1,
        max_length=200,
        pattern=r"^(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-][A-Za-z0-9_.-]*)"
        r"(/(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-][A-Za-z0-9_.-]*))*$",
    )
    body_type: Literal["json", "any"] = ui(
        "json",
        title="Body",
        kind=Kind.SELECT,
        expression=False,
        options=[("json", "Must be JSON"), ("any", "Anything")],
        help="A body that is not JSON where it must be is refused with status 400.",
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
    answer_items: Literal["auto", "firstItem", "allItems", "none"] = ui(
        "auto",
        title="Items in the answer",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "One as an object, several as a list"),
            ("firstItem", "The first one"),
            ("allItems", "All of them, always a list"),
            ("none", "None: an empty body"),
        ],
        show_when={"respond": ["lastNode"]},
    )
    authentication: Literal["none", "header", "basic", "jwt", "signature"] = ui(
        "none",
        title="Who may call",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("none", "Anybody"),
            ("header", "With a secret header"),
            ("basic", "With user and password"),
            ("jwt", "With a JSON Web Token"),
            ("signature", "With a signature (HMAC)"),
        ],
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
    jwt_credential: str = ui(
        "",
        title="Key of the tokens",
        kind=Kind.CREDENTIAL,
        credential="webhook_jwt",
        expression=False,
        help="Callers send Authorization: Bearer and the token. Its claims are in jwt.",
        show_when={"authentication": ["jwt"]},
        required_when_shown=True,
    )
    signature_preset: signing.Preset = signing.preset_field()
    signature_credential: str = signing.credential_field()
    signature_window: int = signing.window_field()
    signature_header: str = signing.header_field()
    signature_prefix: str = signing.prefix_field()
    signature_algorithm: signing.Algorithm = signing.algorithm_field()
    signature_encoding: signing.Encoding = signing.encoding_field()
    signature_content: str = signing.content_field()
    signature_time_header: str = signing.time_header_field()
    allowed_networks: str = ui(
        "",
        title="Addresses that may call",
        kind=Kind.TEXT,
        expression=False,
        placeholder="203.0.113.7, 2001:db8::/32",
        help="Addresses and networks (CIDR), separated by commas; empty for any. Others are refused with status 403.",
        group="options",
        max_length=4000,
        pattern=r"^[0-9A-Fa-f:./,\s]*$",
    )
    most_calls: int | None = ui(
        None,
        title="Calls at most",
        kind=Kind.NUMBER,
        expression=False,
        help="More are refused with status 429. Empty for any number.",
        group="options",
        ge=1,
        le=1_000_000,
    )
    in_seconds: int = ui(
        60,
        title="In so many seconds",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        ge=1,
        le=86_400,
    )
    calls_of: Literal["webhook", "caller"] = ui(
        "webhook",
        title="Calls of",
        kind=Kind.SELECT,
        expression=False,
        options=[("webhook", "All callers together"), ("caller", "Each address")],
        group="options",
    )
    idempotency_key: str = ui(
        "",
        title="Idempotency key",
        kind=Kind.TEXT,
        placeholder='{{ $json.headers["x-github-delivery"] }}',
        help="Calls with the same key within a day start one execution and get one answer. Empty for the header "
        "Idempotency-Key. Paths of $json only.",
        group="options",
        max_length=1000,
    )
    answer_status: int | None = ui(
        None,
        title="Status of the answer",
        kind=Kind.NUMBER,
        expression=False,
        help="Empty for 202 at once and 200 with items.",
        group="options",
        show_when={"respond": ["immediately", "lastNode"]},
        ge=200,
        le=599,
    )
    answer_body: str = ui(
        "",
        title="Text of the answer",
        kind=Kind.MULTILINE,
        expression=False,
        help="Empty for the execution's id, as JSON. Add a content-type header where it is not plain text.",
        group="options",
        show_when={"respond": ["immediately"]},
        max_length=10_000,
    )
    answer_headers: list[NameValue] = ui(
        ...,
        title="Headers of the answer",
        kind=Kind.KEY_VALUE,
        expression=False,
        group="options",
        show_when={"respond": ["immediately", "lastNode"]},
        default_factory=list,
        max_length=50,
    )
    max_body_kb: int = ui(
        1024,
        title="Largest body in KB",
        kind=Kind.NUMBER,
        expression=False,
        help="A larger body is refused with status 413. 4096 (4 MB) at most, files included.",
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
        help="Adds rawBody: the body exactly as it was sent.",
        group="options",
    )
