"""The fields of nodes that ask language models, and what they can fail with: shared by all of them."""

from typing import Any, Final

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.kept import Within, within_field
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

MODEL_CREDENTIALS: Final = ("openai", "anthropic", "bedrock")
"""The credential types of accounts with models."""

SERVICE_CREDENTIALS: Final = ("openai",)
"""Those of accounts with services beside chat: moderation, embeddings, transcription, images."""

EMBED_CREDENTIALS: Final = (*SERVICE_CREDENTIALS, "bedrock")
"""Those of accounts that embed."""

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
    "BudgetExceeded",
    "StoreUnavailable",
    "ConnectionFailed",
    "AddressForbidden",
)
MODEL_RETRYABLE: Final = (
    "ModelRateLimited",
    "ModelUnavailable",
    "ModelTimeout",
    "ModelStreamCut",
    "StoreUnavailable",
    "ConnectionFailed",
)

MODEL_ERRORS_DOCS: Final = """\
`ModelAccessDenied` (the key, or what the account may use), `ModelNotFound`, `ModelRequestInvalid` (a setting that the
model does not take), `ContextTooLong` (with how much too long), `ContentRefused`, `ModelQuotaSpent`. Retried where the
node has retries: `ModelRateLimited` (after the time that the provider names), `ModelUnavailable`, `ModelTimeout`,
`ModelStreamCut`. `SpendingLimit`: the step has used what it may; `BudgetExceeded`: the execution, or the workflow
or the workspace in this month. `StoreUnavailable` (retried): what may be spent could not be asked. Errors of providers
have their own words.
"""


class FileRow(NodeParams):
    """A file that the model is shown."""

    file: Any = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        help="The name of the item's file (data), or an expression that gives it: {{ $binary.data }}.",
    )


SERVICE_ERRORS: Final = (*(name for name in MODEL_ERRORS if name != "ModelStreamCut"), "ModelServiceMissing")
SERVICE_RETRYABLE: Final = tuple(name for name in MODEL_RETRYABLE if name != "ModelStreamCut")
SERVICE_ERRORS_DOCS: Final = """\
`ModelServiceMissing` (the account's server has nothing of the kind), `ModelAccessDenied`, `ModelNotFound`,
`ModelRequestInvalid` (a setting that the model does not take), `ContextTooLong`, `ContentRefused`, `ModelQuotaSpent`.
Retried where the node has retries: `ModelRateLimited`, `ModelUnavailable`, `ModelTimeout`. `SpendingLimit`: the step
has used what it may; `BudgetExceeded`: the execution, or the workflow or the workspace in this month.
`StoreUnavailable` (retried): what may be spent could not be asked. Errors of providers have their own words.
"""


def _account_field(default: Any, title: str, types: tuple[str, ...] = MODEL_CREDENTIALS, **more: Any) -> Any:
    return ui(default, title=title, kind=Kind.CREDENTIAL, credential=types, expression=False, **more)


def service_account_field(types: tuple[str, ...] = SERVICE_CREDENTIALS) -> Any:
    """Return the field of a service's account (`str`), a credential of one of some types."""
    return _account_field(..., "Account", types, min_length=1)


def service_model_field(default: str) -> Any:
    """Return the field of a service's model (`str`), with the account's to choose from; `default` is OpenAI's."""
    return ui(
        default,
        title="Model",
        kind=Kind.TEXT,
        options_from=OptionsFrom("models", needs=("credential",)),
        min_length=1,
        max_length=200,
    )


class ServiceParams(NodeParams):
    """The parameters of every node that asks a service beside chat; its own, the model first, come behind them."""

    credential: str = service_account_field()
    concurrency: int = ui(4, title="Items at a time", kind=Kind.NUMBER, expression=False, group="options", ge=1, le=20)
    timeout_seconds: float = ui(
        120,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For one answer.",
        group="options",
        gt=0,
        le=300,
    )
    most_run_money: float | None = ui(
        None,
        title="Most money of a run, in USD",
        kind=Kind.NUMBER,
        expression=False,
        help="No further request is sent then. Models whose price is not known count nothing.",
        group="options",
        gt=0,
    )


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
        help="Of all items and attempts together, sent and answered. No further request is sent then.",
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


MEMORY_ERRORS: Final = ("MemorySessionInvalid", "MemoryFull", "StoreValueInvalid")
"""Of nodes that remember, beside those of models."""

MEMORY_DOCS: Final = """\
**Memory.** With *Remember the talk* the model is told what was said and answered before under the same *Session key*:
the newest turns, and with *Keep a summary* what the older ones came to. The key is what tells talks apart, as the id of
a chat or of a customer: an empty one is the error `MemorySessionInvalid`. Talks belong to the workflow, unless several
of the project (*Shared with*: of the workspace) name the same *Shared memory*. *Data* lists, shows and deletes them;
they are forgotten after so many days without a further turn. Words are remembered, files are not.
"""

_REMEMBERS: Final = {"memory": [True]}


class MemoryParams(NodeParams):
    """The parameters of nodes that remember talks; they come behind those of the node's own class."""

    memory: bool = ui(False, title="Remember the talk", kind=Kind.BOOLEAN, expression=False)
    session_key: Any = ui(
        "",
        title="Session key",
        kind=Kind.TEXT,
        placeholder="{{ $json.sessionId }}",
        help="What tells talks apart: the id of a chat, of a customer, of an e-mail's thread.",
        show_when=_REMEMBERS,
        required_when_shown=True,
    )
    memory_turns: int = ui(
        10,
        title="Turns to recall",
        kind=Kind.NUMBER,
        expression=False,
        help="A turn is what was said and what was answered.",
        show_when=_REMEMBERS,
        ge=1,
        le=200,
    )
    memory_summary: bool = ui(
        False,
        title="Keep a summary of what is older",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The same model writes it, now and then.",
        show_when=_REMEMBERS,
    )
    memory_name: Text = ui(
        "",
        title="Shared memory",
        kind=Kind.TEXT,
        expression=False,
        placeholder="support",
        help="Workflows that name the same one share its talks. Empty: the talks are this workflow's.",
        show_when=_REMEMBERS,
        group="options",
        max_length=63,
    )
    memory_days: int | None = ui(
        30,
        title="Forget after days",
        kind=Kind.NUMBER,
        expression=False,
        help="Without a further turn. Empty: never.",
        show_when=_REMEMBERS,
        group="options",
        ge=1,
        le=3_660,
    )
    within: Within = within_field(show_when=_REMEMBERS)
