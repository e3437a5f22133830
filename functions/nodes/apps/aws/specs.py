"""What the specs of AWS's triggers share, as values."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

CREDENTIAL: Final = "aws"
"""The credential type, as `stepweave.runtime.aws_account` has it."""
REGION: Final = "[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}"
"""A region's name, as a pattern. It becomes part of a host below `amazonaws.com`, where buckets have names, too."""
REGION_RULE: Final = re.compile(REGION)
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


def credential_field() -> Any:
    """Return the field of the account (`str`)."""
    return ui(..., title="Account", kind=Kind.CREDENTIAL, credential=CREDENTIAL, expression=False, min_length=1)


def region_field(*, expression: bool = True) -> Any:
    """Return the field of a region (`Text`); `expression`: whether it may be another for each item."""
    return ui(
        "",
        title="Region",
        kind=Kind.TEXT,
        placeholder="eu-central-1",
        help="Empty: the credential's.",
        expression=expression,
        group="options",
        max_length=40,
    )


def action_node(**identity: Any) -> NodeSpec:
    """Return a node that calls AWS.

    Args:
        identity: attributes of `NodeSpec`, at least `type`, `name`, `icon`, `summary`, `docs`, `params`; `errors` are
            those that it has besides `ERRORS`, `retryable` those besides `RETRYABLE`.
    """
    settings: dict[str, Any] = {"timeout_seconds": 300, "memory_mb": 512, **identity}
    return NodeSpec(
        category=Category.APP,
        credentials=(CREDENTIAL,),
        network=True,
        errors=(*ERRORS, *settings.pop("errors", ())),
        retryable=(*RETRYABLE, *settings.pop("retryable", ())),
        **settings,
    )


class Attribute(NodeParams):
    """An attribute of a message."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=256)
    type: Literal["String", "Number", "Binary"] = ui(
        "String",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[("String", "Text"), ("Number", "Number"), ("Binary", "Bytes in Base64")],
    )
    value: Any = ui("", title="Value", kind=Kind.TEXT)


def attributes_field(show_when: Mapping[str, Sequence[Any]]) -> Any:
    """Return the field of a message's attributes (`list[Attribute]`)."""
    return ui(
        ...,
        title="Attributes",
        kind=Kind.COLLECTION,
        default_factory=list,
        show_when=show_when,
        group="options",
        max_length=10,
    )
