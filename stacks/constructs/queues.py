"""The event queue: what node functions and the control plane tell about executions."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.settings import Settings

RECORDER_SECONDS = 10
"""The recorder's time-out."""
TRIES = 30
"""Deliveries before a message is put aside: at the visibility time-out below, half an hour of a database that is down.
A malformed message holds up no other meanwhile."""


class EventsQueue(Construct):
    """An SQS FIFO queue (group = execution) and its dead letters."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        self.dead = sqs.Queue(
            self,
            "Dead",
            queue_name=f"{settings.prefix}-events-dead.fifo",
            fifo=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=settings.outside is None,
            retention_period=Duration.days(14),
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=f"{settings.prefix}-events.fifo",
            fifo=True,
            # Ids of events are unique already; order matters within an execution only.
            content_based_deduplication=False,
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=settings.outside is None,
            # Six times the consumer's time-out, as Lambda's guide to SQS asks for.
            visibility_timeout=Duration.seconds(6 * RECORDER_SECONDS),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead, max_receive_count=TRIES),
        )
