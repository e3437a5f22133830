"""The node for EventBridge as a value."""

from typing import Any

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Lines, Text


class Params(NodeParams):
    """The event."""

    credential: str = credential_field()
    bus: Text = ui(
        "default",
        title="Event bus",
        kind=Kind.TEXT,
        help="Its name or ARN.",
        options_from=OptionsFrom("buses", needs=("credential",)),
        min_length=1,
        max_length=1600,
    )
    source: Text = ui(
        ...,
        title="Source",
        kind=Kind.TEXT,
        placeholder="com.example.shop",
        help="Who tells it; not aws...., which is AWS's own.",
        min_length=1,
        max_length=256,
    )
    detail_type: Text = ui(
        ..., title="Detail type", kind=Kind.TEXT, placeholder="Order paid", min_length=1, max_length=128
    )
    detail: Any = ui(
        ...,
        title="Detail",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="An object: what rules look into.",
    )
    resources: Lines = ui(
        "",
        title="Resources",
        kind=Kind.MULTILINE,
        placeholder="arn:aws:s3:::orders",
        help="ARNs that it is about, one on each line.",
        group="options",
        max_length=20_000,
    )
    time: Text = ui(
        "",
        title="Time",
        kind=Kind.TEXT,
        placeholder="{{ $json.paidAt }}",
        help="When it happened, as ISO text. Empty: when EventBridge gets it.",
        group="options",
        max_length=64,
    )
    region: Text = region_field()


DOCS = """\
Puts an event on a bus of EventBridge for each input item; the bus's rules decide what happens with it. An event that no
rule wants is dropped there.

**Batches.** Ten items for one bus go in one call, as long as they have at most 1 MB together. EventBridge may take some
and refuse others: those it was too busy for are put again, and each that it refuses fails by itself.

**Rights.** `events:PutEvents`; `events:ListEventBuses` to choose in the form.

**Output.** `eventId`.

**Errors.** `AwsRefused` (EventBridge's own code and words: `MalformedDetail`, `InvalidArgument`, ...),
`AwsResourceMissing`, `AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited`, `HttpServerError`, `RequestTimeout`,
`ResponseInvalid`, `ResponseTooLarge`.

**Example.** Source `com.example.shop`, detail type `Order paid`, detail `{{ $json }}`.
"""

SPEC = action_node(
    type="aws_eventbridge",
    name="AWS EventBridge",
    icon="radio",
    summary="Puts events on a bus.",
    docs=DOCS,
    params=Params,
    subtitle="{detailType}",
    output_example=({"eventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"},),
)
