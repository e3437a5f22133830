"""The node for SQS as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import Attribute, action_node, attributes_field, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_SEND = {"operation": ["send"]}
_RECEIVE = {"operation": ["receive"]}


class Params(NodeParams):
    """What to do with messages of which queue."""

    credential: str = credential_field()
    operation: Literal["send", "receive", "delete"] = ui(
        "send",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("send", "Send messages"), ("receive", "Receive messages"), ("delete", "Delete messages")],
    )
    queue: Text = ui(
        ...,
        title="Queue",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders",
        help="Its name, URL or ARN.",
        options_from=OptionsFrom("queues", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )
    body: Any = ui(
        None,
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="{{ $json }}",
        help="What is no text is sent as JSON.",
        show_when=_SEND,
        required_when_shown=True,
    )
    attributes: list[Attribute] = attributes_field(_SEND)
    receipt: Text = ui(
        "",
        title="Receipt",
        kind=Kind.TEXT,
        placeholder="{{ $json.receipt }}",
        help="What receiving gave with the message.",
        show_when={"operation": ["delete"]},
        required_when_shown=True,
        max_length=2000,
    )
    most: int = ui(10, title="Messages at most", kind=Kind.NUMBER, show_when=_RECEIVE, ge=1, le=1000)
    wait: int = ui(
        5,
        title="Wait for seconds",
        kind=Kind.NUMBER,
        help="For the first message. 0 asks only some of SQS's servers.",
        show_when=_RECEIVE,
        ge=0,
        le=20,
    )
    delete_received: bool = ui(
        False,
        title="Delete them at once",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: they come again when they are hidden no more, unless they are deleted with their receipt.",
        show_when=_RECEIVE,
    )
    hidden: int = ui(
        300,
        title="Hidden for seconds",
        kind=Kind.NUMBER,
        help="For as long nobody else gets them.",
        show_when=_RECEIVE,
        group="options",
        ge=0,
        le=43_200,
    )
    delay: int | None = ui(
        None,
        title="Delay in seconds",
        kind=Kind.NUMBER,
        help="Empty: the queue's. Not for messages of FIFO queues.",
        show_when=_SEND,
        group="options",
        ge=0,
        le=900,
    )
    group_id: Text = ui(
        "",
        title="Group",
        kind=Kind.TEXT,
        help="Of FIFO queues: messages of one group come in their order. Empty: all are one group.",
        show_when=_SEND,
        group="options",
        max_length=128,
    )
    deduplication_id: Text = ui(
        "",
        title="Deduplication ID",
        kind=Kind.TEXT,
        help="Of FIFO queues. Empty: the item's, so that attempts of one item are one message.",
        show_when=_SEND,
        group="options",
        max_length=128,
    )
    region: Text = region_field(expression=False)


DOCS = """\
Sends messages to a queue of SQS, receives them, and deletes them.

**Send.** Ten items at a time go in one call, as long as they have at most 256 KB together; each succeeds or fails on
its own. For a FIFO queue (`orders.fifo`) each item has an ID of its own that stays over attempts, so SQS takes a
message once within five minutes.

**Receive.** Up to *Messages at most*, in several calls. They are hidden from others, not gone: delete them with their
`receipt` when the work is done, or at once. A body that is a JSON object or list is read.

**Rights.** `sqs:SendMessage`, `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueUrl`; `sqs:ListQueues` to choose
in the form.

**Output.** Send: `messageId`, of FIFO queues `sequenceNumber`. Receive: `messageId`, `body`, `attributes`, `sentAt`,
`receiveCount`, `receipt`, of FIFO queues `groupId`. Delete: `deleted`.

**Errors.** `AwsResourceMissing`, `AwsRefused` (`InvalidMessageContents`, `ReceiptHandleIsInvalid`, ...),
`AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited`, `HttpServerError`, `RequestTimeout`, `ResponseInvalid`,
`ResponseTooLarge`.

**Example.** *Send messages*, queue `orders`, message `{{ $json }}`.
"""

SPEC = action_node(
    type="aws_sqs",
    name="AWS SQS",
    icon="layers",
    summary="Sends messages to queues, receives and deletes them.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {queue}",
    output_example=({"messageId": "0b2c6f4e-7a55-4d39-9f3c-2f6f1d0b8a11"},),
)
