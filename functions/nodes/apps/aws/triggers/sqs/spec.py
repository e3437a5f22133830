"""The trigger for messages of a queue, as a value."""

from functions.nodes.apps.aws.specs import CREDENTIAL, queue_field, queue_trigger
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.triggers import credential_field, every_field


class Params(NodeParams):
    """Which queue, and how its messages are read."""

    credential: str = credential_field(CREDENTIAL)
    queue: str = queue_field(
        "Its name, URL or ARN. Its messages are deleted once the workflow has them: nobody else should read it."
    )
    every_minutes: int = every_field(1)
    read_json: bool = ui(
        True,
        title="Read JSON",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Bodies that are JSON objects or lists become data; others stay text.",
    )


DOCS = """\
Starts the published workflow with the messages of a queue of Amazon SQS. It is asked every so many minutes, and read
until it is empty.

**Each message once.** A message is deleted when the workflow has started with it, and not before: what fails on the way
comes again. One that comes twice, as standard queues do at times, starts nothing again. Of a FIFO queue the messages
keep their order, in the list of items and from execution to execution; let the workflow have one execution at a time
where the next must not overtake the one before.

**At first.** What is in the queue when the workflow is published starts it, too. The queue should be this workflow's
own: two readers share its messages. Unpublishing leaves it as it is.

**Rights.** `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueAttributes`, and `sqs:ChangeMessageVisibility` for
giving back what was not needed; `sqs:GetQueueUrl` where the queue is given by name or ARN, `sqs:ListQueues` for the
choice in the editor; `kms:Decrypt` where the queue has a key of its own.

**Trying it out** looks at up to three messages and gives them back; SQS counts that as received.

**Output.** One item for each message: `messageId`, `body`, `attributes` (the sender's), `sentAt`, `receiveCount` (2 and
more: it was received before, and not deleted), of FIFO queues `groupId`, `deduplicationId` and `sequenceNumber`. A body
that was put into S3 by Amazon's extended client is null, and `storedAt` has its `bucket` and `key`. A body that is JSON
nobody could carry (200 levels deep) stays text, and `problem` says why.

**Errors.** `AwsKeysRefused` (the key), `AwsAccessDenied` (which action it may not do), `AwsResourceMissing` (no such
queue in the region), `AwsRefused`, `HttpRateLimited` (throttled), `HttpServerError` (5xx), `RequestTimeout`,
`ResponseInvalid`, `ResponseTooLarge`. It is asked again later each time; the fifth failure in a row is a failed
execution.

**Example.** Queue `orders`; the next node reads `{{ $json.body.orderId }}`.
"""

SPEC = queue_trigger(
    type="sqs_trigger",
    name="SQS message",
    icon="inbox",
    summary="Starts with the messages of an Amazon SQS queue.",
    docs=DOCS,
    params=Params,
    output_example=(
        {
            "messageId": "0b2c6f4e-7a55-4d39-9f3c-2f6f1d0b8a11",
            "body": {"orderId": 7, "total": 19.5},
            "attributes": {"source": "shop"},
            "sentAt": "2026-11-29T09:00:00.000Z",
            "receiveCount": 1,
        },
    ),
)
