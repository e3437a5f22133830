"""The trigger for events of EventBridge, as a value."""

from functions.nodes.apps.aws.specs import CREDENTIAL, queue_field, queue_trigger
from stepweave.spec.fields import NodeParams
from stepweave.spec.triggers import credential_field, every_field


class Params(NodeParams):
    """Where the rule sends its events."""

    credential: str = credential_field(CREDENTIAL)
    queue: str = queue_field("The rule's target: name, URL or ARN. It should be this workflow's own.")
    every_minutes: int = every_field(1)


DOCS = """\
Starts the published workflow with the events that a rule of Amazon EventBridge matches. The rule has a queue of SQS as
its target, which is asked every so many minutes, and read until it is empty: the pattern says which events, and the key
needs rights at the queue only. How to set that up stands in the guide *Start workflows from AWS*.

**Each event once.** An event is deleted from the queue when the workflow has started with it, and not before.
EventBridge may send one twice: that starts nothing again, as events have ids.

**A message that is no event**, as one whose rule changes the input, starts the workflow with an item that has `problem`
and the `message`. Use *SQS message* for such a queue.

**Rights.** At the queue `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueAttributes`,
`sqs:ChangeMessageVisibility`; `sqs:GetQueueUrl` where it is given by name or ARN.

**Output.** One item for each event: `id`, `source`, `detailType`, `detail`, `time`, `account`, `region` and
`resources`.

**Errors.** `AwsKeysRefused` (the key), `AwsAccessDenied` (which action it may not do), `AwsResourceMissing` (no such
queue in the region), `AwsRefused`, `HttpRateLimited` (throttled), `HttpServerError` (5xx), `RequestTimeout`,
`ResponseInvalid`, `ResponseTooLarge`. It is asked again later each time; the fifth failure in a row is a failed
execution.

**Example.** A rule with the pattern `{"source": ["aws.ec2"]}` and the queue `instances` as its target; the next node
reads `{{ $json.detail.state }}`.
"""

SPEC = queue_trigger(
    type="eventbridge_trigger",
    name="EventBridge event",
    icon="waypoints",
    summary="Starts with the events that a rule of Amazon EventBridge matches.",
    docs=DOCS,
    params=Params,
    output_example=(
        {
            "id": "7bf73129-1428-4cd3-a780-95db273d1602",
            "source": "aws.ec2",
            "detailType": "EC2 Instance State-change Notification",
            "detail": {"instance-id": "i-1234567890abcdef0", "state": "terminated"},
            "time": "2026-11-29T09:00:00Z",
            "account": "123456789012",
            "region": "eu-central-1",
            "resources": ["arn:aws:ec2:eu-central-1:123456789012:instance/i-1234567890abcdef0"],
        },
    ),
)
