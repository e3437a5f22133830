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
    """Return the field (`str`) of the credential of an account with models."""
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
