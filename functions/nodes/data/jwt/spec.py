"""The JWT node as a value."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field


class Params(NodeParams):
    """What to do with which token."""

    operation: Literal["sign", "verify", "decode"] = ui(
        "sign",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("sign", "Sign a token"), ("verify", "Verify a token"), ("decode", "Decode without verifying")],
    )
    credential: str = ui(
        "",
        title="Key",
        kind=Kind.CREDENTIAL,
        credential="jwt_key",
        expression=False,
        help="It says the algorithm, too.",
        show_when={"operation": ["sign", "verify"]},
        required_when_shown=True,
    )
    token: Text = ui(
        "",
        title="Token",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.headers.authorization }}",
        help="`Bearer` in front of it is left out.",
        show_when={"operation": ["verify", "decode"]},
        required_when_shown=True,
        max_length=1_000_000,
    )
    claims: Any = ui(
        {},
        title="Claims",
        kind=Kind.JSON,
        placeholder='{"role": "{{ $json.role }}"}',
        help="An object. What is filled in below comes before what it says.",
        show_when={"operation": ["sign"]},
    )
    subject: Text = ui("", title="Subject", kind=Kind.TEXT, show_when={"operation": ["sign"]}, max_length=2000)
    expires_in: float | None = ui(
        3600,
        title="Expires in seconds",
        kind=Kind.NUMBER,
        help="Empty: never, or as the claims say.",
        show_when={"operation": ["sign"]},
        allow_inf_nan=False,
        ge=-(10**11),
        le=10**11,
    )
    issuer: Text = ui(
        "",
        title="Issuer",
        kind=Kind.TEXT,
        help="Of the new token; or the one that must stand in it.",
        show_when={"operation": ["sign", "verify"]},
        max_length=2000,
    )
    audience: Text = ui(
        "",
        title="Audience",
        kind=Kind.TEXT,
        help="Several with commas. A token to verify must name one of them, and none where this is empty.",
        show_when={"operation": ["sign", "verify"]},
        max_length=2000,
    )
    output_field: str = result_field("token")
    not_before_in: float | None = ui(
        None,
        title="Valid in seconds from now",
        kind=Kind.NUMBER,
        show_when={"operation": ["sign"]},
        group="options",
        allow_inf_nan=False,
        ge=-(10**11),
        le=10**11,
    )
    token_id: Text = ui(
        "",
        title="Token's id (jti)",
        kind=Kind.TEXT,
        show_when={"operation": ["sign"]},
        group="options",
        max_length=2000,
    )
    issued_at: bool = ui(
        True,
        title="Say when it was issued (iat)",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["sign"]},
        group="options",
    )
    key_id: Text = ui(
        "",
        title="Key's id (kid)",
        kind=Kind.TEXT,
        help="Goes into the header.",
        show_when={"operation": ["sign"]},
        group="options",
        max_length=2000,
    )
    leeway: float = ui(
        0,
        title="Leeway in seconds",
        kind=Kind.NUMBER,
        help="By which clocks may differ.",
        show_when={"operation": ["verify"]},
        group="options",
        ge=0,
        le=86_400,
    )
    required: Text = ui(
        "",
        title="Claims that must be there",
        kind=Kind.TEXT,
        placeholder="exp, sub",
        show_when={"operation": ["verify"]},
        group="options",
        max_length=2000,
    )
    ignore_expiration: bool = ui(
        False,
        title="Ignore expiration",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["verify"]},
        group="options",
    )
    ignore_not_before: bool = ui(
        False,
        title="Ignore that it is not valid yet",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["verify"]},
        group="options",
    )
    complete: bool = ui(
        False,
        title="With header and signature",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The result is then `header`, `payload` and `signature`.",
        show_when={"operation": ["verify", "decode"]},
        group="options",
    )
    keep_other_fields: bool = keep_other_fields_field()


_OF_A_SET: Final = tuple(name for name in HTTP_ERRORS if name != "TooManyRedirects")
DOCS = """\
Signs, verifies and reads JSON Web Tokens, one for each item.

**The algorithm is the credential's.** A token whose header names another is refused, `none` always, and a public key is
never taken for a secret. With an issuer's key set (JWKS) it is that of the key which the token names by `kid`; keys
that the token itself brings or points to (`jwk`, `jku`, `x5c`, `x5u`) are never taken.

**Verifying** checks the signature, `exp`, `nbf` and `iat` (with the leeway), and issuer and audience where they are
filled in. A token for an audience is refused where none is filled in, and so is one that says a name twice, demands
extensions (`crit`) or has more than 65,536 characters. *Decode* checks nothing: trust nothing that it
gives.

**Output.** The item with the result in *Write to field*: the token, or the claims of one.

**Errors.** `TokenInvalid`: it cannot be read, or does not count; `details.reason` is `malformed`, `signature`,
`algorithm`, `unknownKey`, `expired`, `notYetValid`, `issuer`, `audience`, `missingClaim` or `claim`. `KeyInvalid`: the
credential has no key for its algorithm, or one that cannot be read. `ValueMismatch`: the claims are no object. Where a
key set cannot be had: `HttpClientError`, `HttpRateLimited`, `HttpServerError`, `ConnectionFailed`, `RequestTimeout`,
`ResponseTooLarge` (1 MB), `AddressForbidden`, or `ResponseInvalid` where it is none.

**Example.** *Verify*, token `{{ $json.headers.authorization }}`, issuer `https://login.example.com/`, audience `shop`,
field `user`.
"""

SPEC = NodeSpec(
    type="jwt",
    name="JWT",
    category=Category.DATA,
    icon="badge-check",
    summary="Signs, verifies and decodes JSON Web Tokens.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    credentials=("jwt_key",),
    layers=("crypto",),
    subtitle="{operation}",
    timeout_seconds=60,
    network=True,
    network_when={"operation": ["verify"]},
    errors=("TokenInvalid", "KeyInvalid", "ValueMismatch", *_OF_A_SET),
    retryable=HTTP_RETRYABLE,
    output_example=({"token": {"sub": "ada", "exp": 1798135200}},),
)
