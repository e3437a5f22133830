"""The fields of nodes that ask language models, and what they can fail with: shared by all of them."""

from typing import Any, Final

from stepweave.spec.fields import Kind, NodeParams, ui
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


def _account_field(default: Any, title: str, **more: Any) -> Any:
    return ui(default, title=title, kind=Kind.CREDENTIAL, credential=MODEL_CREDENTIALS, expression=False, **more)


class ModelParams(NodeParams):
    """The parameters of every node that asks a model; its own come behind them."""

    credential: str = _account_field(..., "Account", min_length=1)
    model: str = ui(
        ...,
        title="Model",
        kind=Kind.TEXT,
        placeholder="gpt-5.4-mini, claude-sonnet-5-5, ...",
        options_from=OptionsFrom("models", needs=("credential",)),
        min_length=1,
        max_length=200,
    )
    fallback_credential: str = _account_field("", "Account to fall back on", group="options")
    fallback_model: str = ui(
        "",
        title="Model to fall back on",
        kind=Kind.TEXT,
        help="Asked where the first cannot answer: it is away, limited, gone, or too small. Empty: none.",
        group="options",
        max_length=200,
    )
    concurrency: int = ui(4, title="Items at a time", kind=Kind.NUMBER, expression=False, group="options", ge=1, le=20)
    timeout_seconds: float = ui(
        120,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For one whole answer.",
        group="options",
        gt=0,
        le=300,
    )
    most_run_tokens: int | None = ui(
        None,
        title="Most tokens of a run",
        kind=Kind.NUMBER,
        expression=False,
        help="Of all items together, sent and answered. No further request is sent then.",
        group="options",
        ge=1,
    )
    most_run_money: float | None = ui(
        None,
        title="Most money of a run, in USD",
        kind=Kind.NUMBER,
        expression=False,
        help="Likewise. Models whose price is not known count nothing.",
        group="options",
        gt=0,
    )
