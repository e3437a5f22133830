"""What the specs of AWS's triggers share, as values."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind
from stepweave.spec.options import OptionsFrom

CREDENTIAL: Final = "aws"
"""The credential type."""
REGION: Final = "[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}"
"""A region's name, as a pattern. It becomes part of a host below `amazonaws.com`, where buckets have names, too."""
ERRORS: Final = (
    "AwsKeysRefused",
    "AwsAccessDenied",
    "AwsResourceMissing",
    "AwsRefused",
    "HttpRateLimited",
    "HttpServerError",
    "ConnectionFailed",
    "RequestTimeout",
    "ResponseInvalid",
    "ResponseTooLarge",
    "AddressForbidden",
)
"""What every node that asks AWS can fail with."""
RETRYABLE: Final = ("HttpRateLimited", "HttpServerError", "ConnectionFailed", "RequestTimeout")


def queue_field(help: str) -> Any:
    """Return the field of a queue (`str`), with the account's queues to choose from.

    Args:
        help: what people should know of it.
    """
    return ui(
        ...,
        title="Queue",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders",
        help=help,
        options_from=OptionsFrom("queues", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )


def queue_trigger(**identity: Any) -> NodeSpec:
    """Return the node of a trigger that reads a queue.

    Args:
        identity: further attributes of `NodeSpec`: `type`, `name`, `icon`, `summary`, `docs`, `output_example`, and
            `params`, which have `credential`, `queue` and `every_minutes`.
    """
    listens = TriggerCode(polls=True, every="everyMinutes")
    return _trigger(subtitle="{queue}", listens=listens, timeout_seconds=60, memory_mb=512, **identity)


def topic_trigger(**identity: Any) -> NodeSpec:
    """Return the node of a trigger that a topic calls. Arguments as of `queue_trigger`; `params` have `topic`."""
    return _trigger(
        subtitle="{topic}", listens=TriggerCode(receives=True), layers=("crypto",), timeout_seconds=30, **identity
    )


def _trigger(**identity: Any) -> NodeSpec:
    return NodeSpec(
        category=Category.TRIGGER,
        inputs=(),
        outputs=(Port("main", emits=Emits.ALWAYS),),
        trigger=TriggerKind.APP,
        credentials=(CREDENTIAL,),
        network=True,
        errors=ERRORS,
        retryable=RETRYABLE,
        **identity,
    )
