"""The trigger for objects of a bucket, as a value."""

from functions.nodes.apps.aws.specs import CREDENTIAL, queue_field, queue_trigger
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.triggers import credential_field, every_field


class Params(NodeParams):
    """Where S3 tells of objects, and which of them are wanted."""

    credential: str = credential_field(CREDENTIAL)
    queue: str = queue_field(
        "Where the bucket sends its notifications: name, URL or ARN. It should be this workflow's own."
    )
    every_minutes: int = every_field(1)
    bucket: str = ui(
        "",
        title="Bucket",
        kind=Kind.TEXT,
        expression=False,
        placeholder="invoices",
        help="Objects of others start nothing. Empty: any that sends to the queue.",
        max_length=63,
    )
    prefix: str = ui(
        "", title="Key begins with", kind=Kind.TEXT, expression=False, placeholder="incoming/", max_length=1024
    )
    suffix: str = ui("", title="Key ends with", kind=Kind.TEXT, expression=False, placeholder=".pdf", max_length=1024)


DOCS = """\
Starts the published workflow with the objects that are made in a bucket of Amazon S3: put, posted, copied, or uploaded
in parts. The bucket tells a queue of them (its *event notifications*, or by way of SNS or EventBridge), which is asked
every so many minutes, and read until it is empty. How to set that up stands in the guide *Start workflows from AWS*.

**Each object once.** A notification is deleted when the workflow has started with it, and not before. S3 may tell of
one write twice: that starts nothing again. An object that is written again is told of again.

**What starts nothing** is deleted as well: S3's test event, objects that were removed or restored, other buckets and
keys than those that are wanted. A message that is no notification of S3 starts the workflow with an item that has
`problem` and the `message`, for somebody else sends to the queue.

**Rights.** At the queue `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueAttributes`,
`sqs:ChangeMessageVisibility`; `sqs:GetQueueUrl` where it is given by name or ARN. None at the bucket.

**Output.** One item for each object: `event`, `bucket`, `key` (decoded, as the object is called), `size`, `eTag`,
`versionId` (of buckets with versions), `sequencer` (of two writes of one key the later one is greater), `time` and
`region`. What is in the object is not.

**Errors.** `AwsKeysRefused` (the key), `AwsAccessDenied` (which action it may not do), `AwsResourceMissing` (no such
queue in the region), `AwsRefused`, `HttpRateLimited` (throttled), `HttpServerError` (5xx), `RequestTimeout`,
`ResponseInvalid`, `ResponseTooLarge`. It is asked again later each time; the fifth failure in a row is a failed
execution.

**Example.** Queue `invoices-created`, key begins with `incoming/`, ends with `.pdf`; the next node reads
`{{ $json.key }}`.
"""

SPEC = queue_trigger(
    type="s3_trigger",
    name="S3 object created",
    icon="hard-drive-upload",
    summary="Starts with the objects that are made in an Amazon S3 bucket.",
    docs=DOCS,
    params=Params,
    output_example=(
        {
            "event": "ObjectCreated:Put",
            "bucket": "invoices",
            "key": "incoming/no 7.pdf",
            "size": 48213,
            "eTag": "d41d8cd98f00b204e9800998ecf8427e",
            "versionId": None,
            "sequencer": "0055AED6DCD90281E5",
            "time": "2026-11-29T09:00:00.000Z",
            "region": "eu-central-1",
        },
    ),
)
