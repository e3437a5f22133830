"""The trigger for messages of a topic, as a value."""

from typing import Literal

from functions.nodes.apps.aws.specs import CREDENTIAL, topic_trigger
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.triggers import credential_field


class Params(NodeParams):
    """Which topic, and which of its messages."""

    credential: str = credential_field(CREDENTIAL)
    topic: str = ui(
        ...,
        title="Topic",
        kind=Kind.TEXT,
        expression=False,
        placeholder="arn:aws:sns:eu-central-1:123456789012:orders",
        help="Its ARN.",
        options_from=OptionsFrom("topics", needs=("credential",), labelled=True),
        min_length=1,
        max_length=400,
    )
    read_json: bool = ui(
        True,
        title="Read JSON",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Messages that are JSON objects or lists become data; others stay text.",
    )
    filter_policy: str = ui(
        "",
        title="Filter policy",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder='{"event": ["order_placed"]}',
        help="JSON: SNS then sends only what it matches. Empty: every message.",
        group="options",
        max_length=30_000,
    )
    filter_by: Literal["MessageAttributes", "MessageBody"] = ui(
        "MessageAttributes",
        title="The policy is about",
        kind=Kind.SELECT,
        expression=False,
        options=[("MessageAttributes", "The message's attributes"), ("MessageBody", "The message itself")],
        group="options",
    )


DOCS = """\
Starts the published workflow with each message of a topic of Amazon SNS. Publishing subscribes the trigger's address to
the topic and confirms that; unpublishing ends the subscription.

**Only from the topic.** SNS signs what it sends; the signature (version 1 or 2), the certificate's host and the topic
are checked for every call, and anything else is refused with 401. *Raw message delivery* has no signature: what comes
so is refused with 400; leave it off at the subscription.

**Once.** A message that SNS sends again starts nothing again. What cannot be taken at the moment gets 503, and SNS
sends it again by its delivery policy.

**Rights.** At the topic `sns:Subscribe` and `sns:ListSubscriptionsByTopic`, at its subscriptions `sns:Unsubscribe`;
`sns:ListTopics` for the choice in the editor. FIFO topics call no addresses: subscribe a queue to one, and use *SQS
message*.

**Output.** One item for each message: `messageId`, `topicArn`, `subject`, `body`, `attributes`, `sentAt`. A body that
is JSON nobody could carry (200 levels deep) stays text, and `problem` says why.

**Errors.** They arise when publishing, which then changes nothing. `AwsKeysRefused` (the key), `AwsAccessDenied` (which
action it may not do), `AwsResourceMissing` (no such topic), `AwsRefused` (a filter policy that SNS does not take),
`HttpRateLimited` (throttled), `HttpServerError` (5xx), `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`.

**Example.** Topic `arn:aws:sns:eu-central-1:123456789012:orders`; the next node reads `{{ $json.body.orderId }}`.
"""

SPEC = topic_trigger(
    type="sns_trigger",
    name="SNS message",
    icon="megaphone",
    summary="Starts with each message of an Amazon SNS topic.",
    docs=DOCS,
    params=Params,
    output_example=(
        {
            "messageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "topicArn": "arn:aws:sns:eu-central-1:123456789012:orders",
            "subject": "An order",
            "body": {"orderId": 7, "total": 19.5},
            "attributes": {"event": "order_placed"},
            "sentAt": "2026-11-29T09:00:00.000Z",
        },
    ),
)
