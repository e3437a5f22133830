"""The fields of nodes that ask language models, and what they can fail with: shared by all of them."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui
from stepweave.spec.options import OptionsFrom

MODEL_CREDENTIALS: Final = ("openai", "anthropic")
"""The credential types of accounts with models."""

MODEL_ERRORS: Final = (
    "ModelAccessDenied",
    "ModelNotFound",
    "ModelRequestInvalid",
    "ContextTooLong",
    "ContentRefused",
    "ModelQuotaSpent",
    "ModelRateLimited",
    "ModelUnavailable",
    "ModelTimeout",
    "ModelStreamCut",
    "SpendingLimit",
    "ConnectionFailed",
    "AddressForbidden",
)
MODEL_RETRYABLE: Final = (
    "ModelRateLimited",
    "ModelUnavailable",
    "ModelTimeout",
    "ModelStreamCut",
    "ConnectionFailed",
)

MODEL_ERRORS_DOCS: Final = """\
`ModelAccessDenied` (the key, or what the account may use), `ModelNotFound`, `ModelRequestInvalid` (a setting that the
model does not take), `ContextTooLong` (with how much too long), `ContentRefused`, `ModelQuotaSpent`. Retried where the
node has retries: `ModelRateLimited` (after the time that the provider names), `ModelUnavailable`, `ModelTimeout`,
`ModelStreamCut`. `SpendingLimit`: the step has used what it may. Each has the provider's own words.
"""


def account_field(title: str = "Account", *, needed: bool = True) -> Any:
    """Return the field (`str`) of the credential of an account with models: `credential`."""
    return ui(
        ... if needed else "",
        title=title,
        kind=Kind.CREDENTIAL,
        credential=MODEL_CREDENTIALS,
        expression=False,
        **({"min_length": 1} if needed else {"group": "options"}),
    )


def model_field() -> Any:
    """Return the field (`str`) of a model of the account in `credential`."""
    return ui(
        ...,
        title="Model",
        kind=Kind.TEXT,
        placeholder="gpt-5.4-mini, claude-sonnet-5-5, ...",
        options_from=OptionsFrom("models", needs=("credential",)),
        min_length=1,
        max_length=200,
    )


def fallback_account_field() -> Any:
    """Return the field (`str`) of the account of `fallback_model_field`: `fallback_credential`."""
    return account_field("Account to fall back on", needed=False)


def fallback_model_field() -> Any:
    """Return the field (`str`) of the model that is asked where the first cannot answer: `fallback_model`."""
    return ui(
        "",
        title="Model to fall back on",
        kind=Kind.TEXT,
        help="Asked where the first cannot answer: it is away, limited, gone, or too small. Empty: none.",
        group="options",
        max_length=200,
    )


def concurrency_field() -> Any:
    """Return the field (`int`) that says how many items are asked for at a time: `concurrency`."""
    return ui(4, title="Items at a time", kind=Kind.NUMBER, expression=False, group="options", ge=1, le=20)


def timeout_field() -> Any:
    """Return the field (`float`) that says how long one whole answer may take: `timeout_seconds`."""
    return ui(
        120,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For one whole answer.",
        group="options",
        gt=0,
        le=300,
    )


def most_run_tokens_field() -> Any:
    """Return the field (`int | None`) that bounds the tokens of a step: `most_run_tokens`."""
    return ui(
        None,
        title="Most tokens of a run",
        kind=Kind.NUMBER,
        expression=False,
        help="Of all items together, sent and answered. No further request is sent then.",
        group="options",
        ge=1,
    )


def most_run_money_field() -> Any:
    """Return the field (`float | None`) that bounds the money of a step, in US dollars: `most_run_money`."""
    return ui(
        None,
        title="Most money of a run, in USD",
        kind=Kind.NUMBER,
        expression=False,
        help="Likewise. Models whose price is not known count nothing.",
        group="options",
        gt=0,
    )
