"""What specs of triggers with code share."""

from typing import TYPE_CHECKING, Any, Final

from stepweave.spec.fields import Kind, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind

if TYPE_CHECKING:
    from stepweave.spec.operations import App

MOST_MINUTES: Final = 24 * 60
MOST_LISTED: Final = 2000
"""Things of one list that is polled."""
MOST_KEPT: Final = 5000
"""Things that a cursor remembers: those of the list, then those that were in it last (`stepweave.runtime.polling`)."""


def every_field(minutes: int = 5) -> Any:
    """Return the field that says how often to poll, in minutes (`int`; named by `TriggerCode.every`)."""
    return ui(
        minutes,
        title="Every so many minutes",
        kind=Kind.NUMBER,
        expression=False,
        help=f"From 1 to {MOST_MINUTES}, a day.",
        ge=1,
        le=MOST_MINUTES,
    )


def credential_field(type: str | tuple[str, ...]) -> Any:
    """Return the field of a credential (`str`) of a type, or of any of some, which must be chosen."""
    return ui(..., title="Credential", kind=Kind.CREDENTIAL, credential=type, expression=False, min_length=1)


def polling_trigger(app: "App", **identity: Any) -> NodeSpec:
    """Return the node of an app's trigger that polls.

    Args:
        app: whose list it asks for.
        identity: further attributes of `NodeSpec`, at least `type`, `name`, `icon`, `summary`, `docs` and `params`,
            which have `every_minutes` (`every_field`) and `credential` (`credential_field`).
    """
    return _trigger(app, TriggerCode(polls=True, every="everyMinutes"), {"timeout_seconds": 60, **identity})


def receiving_trigger(app: "App", *, fixed: bool = False, **identity: Any) -> NodeSpec:
    """Return the node of an app's trigger that the provider calls.

    Args:
        app: at which it is registered.
        fixed: whether people write its address into the provider's settings (`TriggerCode`).
        identity: as of `polling_trigger`; `params` have `credential`.
    """
    listens = TriggerCode(receives=True, fixed=fixed)
    return _trigger(app, listens, {"timeout_seconds": 30, **identity})


def _trigger(app: "App", listens: TriggerCode, identity: dict[str, Any]) -> NodeSpec:
    defaults: dict[str, Any] = {
        "category": Category.TRIGGER,
        "outputs": (Port("main", emits=Emits.ALWAYS),),
        "errors": HTTP_ERRORS,
        "retryable": HTTP_RETRYABLE,
    }
    return NodeSpec(
        inputs=(),
        trigger=TriggerKind.APP,
        listens=listens,
        credentials=app.credentials,
        network=True,
        **{**defaults, **identity},
    )
