"""The node for SNS as a value."""

from typing import Any, Literal

from functions.nodes.apps.aws.specs import Attribute, action_node, attributes_field, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_TOPIC = {"to": ["topic"]}


class Params(NodeParams):
    """What is published, and where."""

    credential: str = credential_field()
    to: Literal["topic", "phone"] = ui(
        "topic",
        title="Publish to",
        kind=Kind.SELECT,
        expression=False,
        options=[("topic", "A topic"), ("phone", "A telephone (SMS)")],
    )
    topic: Text = ui(
        "",
        title="Topic",
        kind=Kind.TEXT,
        placeholder="arn:aws:sns:eu-central-1:123456789012:orders",
        help="Its ARN.",
        options_from=OptionsFrom("topics", needs=("credential",), labelled=True),
        show_when=_TOPIC,
        required_when_shown=True,
        max_length=500,
    )
    phone: Text = ui(
        "",
        title="Telephone number",
        kind=Kind.TEXT,
        placeholder="+4930123456",
        help="With its country: +49...",
        show_when={"to": ["phone"]},
        required_when_shown=True,
        max_length=20,
    )
    message: Any = ui(
        ...,
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="Order {{ $json.id }} is paid.",
        help="What is no text is sent as JSON.",
    )
    subject: Text = ui("", title="Subject", kind=Kind.TEXT, help="For mail.", show_when=_TOPIC, max_length=100)
    by_protocol: bool = ui(
        False,
        title="A message for each protocol",
        kind=Kind.BOOLEAN,
        expression=False,
        help='The message is an object: {"default": "...", "email": "...", "sms": "..."}.',
        show_when=_TOPIC,
        group="options",
    )
    attributes: list[Attribute] = attributes_field({"to": ["topic", "phone"]})
    group_id: Text = ui(
        "",
        title="Group",
        kind=Kind.TEXT,
        help="Of FIFO topics. Empty: all messages are one group.",
        show_when=_TOPIC,
        group="options",
        max_length=128,
    )
    deduplication_id: Text = ui(
        "",
        title="Deduplication ID",
        kind=Kind.TEXT,
        help="Of FIFO topics. Empty: the item's, so that attempts of one item are one message.",
        show_when=_TOPIC,
        group="options",
        max_length=128,
    )
    region: Text = region_field()


DOCS = """\
Publishes a message for each input item, to all who subscribed to a topic of SNS, or to a telephone.

**Topics.** Ten items for one topic go in one call, as long as they have at most 256 KB together; each succeeds or fails
on its own. The topic's region is that of its ARN. For a FIFO topic each item has an ID of its own that stays over
attempts. With *A message for each protocol*, `default` must be there, and each message be text.

**Rights.** `sns:Publish`; `sns:ListTopics` to choose in the form.

**Output.** `messageId`, of FIFO topics `sequenceNumber`.

**Errors.** `AwsResourceMissing`, `AwsRefused` (SNS's own code and words: `InvalidParameter`, `OptedOut`, ...),
`AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited`, `HttpServerError`, `RequestTimeout`, `ResponseInvalid`,
`ResponseTooLarge`.

**Example.** Topic `arn:aws:sns:eu-central-1:123456789012:orders`, message `{{ $json }}`.
"""

SPEC = action_node(
    type="aws_sns",
    name="AWS SNS",
    icon="megaphone",
    summary="Publishes messages to topics and telephones.",
    docs=DOCS,
    params=Params,
    subtitle="{topic}",
    output_example=({"messageId": "7c0e1f0e-52c1-5b0f-8a7b-4b9e2c8d1f00"},),
)
