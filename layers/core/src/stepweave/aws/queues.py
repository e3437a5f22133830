"""SQS: send to a FIFO queue."""

from typing import Final

from stepweave.aws.transport import Transport

MOST_MESSAGE_BYTES: Final = 256 * 1024
"""What a message may have at most: the limit every SQS queue and emulator accepts (docs/reference/contracts.md)."""


class Queues:
    """Sends messages."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, queue_url: str, body: str, *, group: str, deduplication: str) -> str:
        """Send one message to a FIFO queue and return its id.

        Args:
            queue_url: the queue.
            body: at most `MOST_MESSAGE_BYTES`.
            group: messages of one group are received in order.
            deduplication: a second message with this id within five minutes is dropped.

        Raises:
            AwsError: the queue is not there, refuses, or cannot be reached.
        """
        answer = self._transport.call(
            "sqs",
            "AmazonSQS.SendMessage",
            {
                "QueueUrl": queue_url,
                "MessageBody": body,
                "MessageGroupId": group,
                "MessageDeduplicationId": deduplication,
            },
            timeout=5.0,
        )
        return str(answer["MessageId"])
