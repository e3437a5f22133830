"""The fields that say how the calls of a webhook are signed."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, ui

Preset = Literal["github", "stripe", "slack", "shopify", "svix", "custom"]
Algorithm = Literal["sha256", "sha512", "sha384", "sha1"]
Encoding = Literal["hex", "base64"]
_SIGNED: Final = {"authentication": ["signature"]}
_CUSTOM: Final = {**_SIGNED, "signaturePreset": ["custom"]}
HEADER: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]"
"""A letter of a header's name (RFC 9110, 5.6.2)."""


def preset_field() -> Any:
    """Return the field of who signs (`Preset`)."""
    return ui(
        "github",
        title="Signed as by",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("github", "GitHub"),
            ("stripe", "Stripe"),
            ("slack", "Slack"),
            ("shopify", "Shopify"),
            ("svix", "Svix, Standard Webhooks"),
            ("custom", "Another sender"),
        ],
        show_when=_SIGNED,
    )


def credential_field() -> Any:
    """Return the field of the secret (`str`)."""
    return ui(
        "",
        title="Signing secret",
        kind=Kind.CREDENTIAL,
        credential="webhook_secret",
        expression=False,
        show_when=_SIGNED,
        required_when_shown=True,
    )


def window_field() -> Any:
    """Return the field of how long a signature holds (`int`, seconds)."""
    return ui(
        300,
        title="Seconds a signature holds",
        kind=Kind.NUMBER,
        expression=False,
        help="A call that was signed longer ago, or so far ahead, is refused with status 401.",
        show_when={**_SIGNED, "signaturePreset": ["stripe", "slack", "svix", "custom"]},
        ge=1,
        le=86_400,
    )


def header_field() -> Any:
    """Return the field of the header that has it (`str`)."""
    return ui(
        "X-Signature",
        title="Header of the signature",
        kind=Kind.TEXT,
        expression=False,
        show_when=_CUSTOM,
        pattern=f"^{HEADER}{{1,200}}$",
    )


def prefix_field() -> Any:
    """Return the field of the text before the digest (`str`)."""
    return ui(
        "",
        title="What stands before it",
        kind=Kind.TEXT,
        expression=False,
        placeholder="sha256=",
        show_when=_CUSTOM,
        max_length=50,
    )


def algorithm_field() -> Any:
    """Return the field of the hash (`Algorithm`)."""
    return ui(
        "sha256",
        title="Hash",
        kind=Kind.SELECT,
        expression=False,
        options=[("sha256", "SHA-256"), ("sha512", "SHA-512"), ("sha384", "SHA-384"), ("sha1", "SHA-1")],
        show_when=_CUSTOM,
    )


def encoding_field() -> Any:
    """Return the field of how the digest is written (`Encoding`)."""
    return ui(
        "hex",
        title="Written in",
        kind=Kind.SELECT,
        expression=False,
        options=[("hex", "Hexadecimal digits"), ("base64", "Base64")],
        show_when=_CUSTOM,
    )


def content_field() -> Any:
    """Return the field of the text that is signed (`str`)."""
    return ui(
        "{body}",
        title="What is signed",
        kind=Kind.TEXT,
        expression=False,
        placeholder="{timestamp}.{body}",
        help="{body} is the body as it was sent, {timestamp} the value of the header below.",
        show_when=_CUSTOM,
        pattern=r"\{body\}",
        max_length=200,
    )


def time_header_field() -> Any:
    """Return the field of the header that has the time (`str`)."""
    return ui(
        "",
        title="Header of the time",
        kind=Kind.TEXT,
        expression=False,
        placeholder="X-Timestamp",
        help="Seconds or milliseconds of Unix time. Empty where the sender signs no time.",
        show_when=_CUSTOM,
        max_length=200,
        pattern=f"^{HEADER}*$",
    )
