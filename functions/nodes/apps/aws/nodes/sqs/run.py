"""Sends, receives and deletes messages of a queue."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.aws.messages import item_of
from functions.nodes.apps.aws.nodes.sqs.spec import Params
from functions.nodes.apps.aws.queues import BATCH, Queue, queue_of
from functions.nodes.apps.aws.service import Service, service_of
from functions.nodes.apps.aws.values import attributes_of, in_batches, send_batch, text_of
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError

_FIELD: Final = "params.queue"
_MOST_BYTES: Final = 256 * 1024
"""Of one call. SQS takes more in some regions; what is larger goes alone, and SQS says whether it takes it."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what came of it, in the order of the input items."""
    if not step.items():
        return {}
    account = service_of(step, "sqs", step.constant("region")).account
    queue = queue_of(account, step.constant("queue"))
    operation = step.constant("operation")
    if operation == "receive":
        return step.each(lambda entry: list(_received(queue, entry.params)))
    service = Service(queue.account, "sqs")
    act = _sent if operation == "send" else _deleted
    return step.each_together(lambda entries: act(service, queue, entries), most=BATCH)


def _sent(service: Service, queue: Queue, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    messages: list[dict[str, Any]] = []
    for entry in entries:
        try:
            messages.append(_message(queue, entry))
        except NodeError as error:
            if not messages:
                yield error
                return
            break  # the items behind it come in the next batch
    for batch in in_batches(messages, _size, most=BATCH, most_bytes=_MOST_BYTES):
        given = send_batch(
            service, "SendMessageBatch", "sqs:SendMessage", {"QueueUrl": queue.url}, batch,
            key="Entries", about=f"the queue {queue.name}", field=_FIELD,
        )  # fmt: skip
        for one in given:
            yield one if isinstance(one, NodeError) else [item(_told(one))]


def _told(answer: Any) -> dict[str, Any]:
    told = {"messageId": answer.get("MessageId")}
    return told | ({"sequenceNumber": answer["SequenceNumber"]} if answer.get("SequenceNumber") else {})


def _message(queue: Queue, entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    message: dict[str, Any] = {"MessageBody": text_of(params.body)}
    if attributes := attributes_of(params.attributes):
        message["MessageAttributes"] = attributes
    if queue.name.endswith(".fifo"):
        message["MessageGroupId"] = params.group_id or "stepweave"
        message["MessageDeduplicationId"] = params.deduplication_id or entry.idempotency_key[:128]
    elif params.group_id:
        message["MessageGroupId"] = params.group_id  # of fair queues
    if params.delay is not None:
        message["DelaySeconds"] = params.delay
    return message


def _size(message: dict[str, Any]) -> int:
    attributes = message.get("MessageAttributes") or {}
    size = len(message["MessageBody"].encode("utf-8", "replace"))
    for name, one in attributes.items():
        size += len(name) + 10 + len(one.get("StringValue", "").encode()) + len(one.get("BinaryValue", b""))
    return size


def _received(queue: Queue, params: Params) -> Iterator[Item]:
    left, wait = params.most, params.wait
    while left > 0:
        found = queue.receive(left, hidden=params.hidden, wait=wait)
        if not found:
            return
        if params.delete_received:
            queue.delete([message["ReceiptHandle"] for message in found])
        for message in found:
            yield item({**item_of(message, as_json=True), "receipt": message["ReceiptHandle"]})
        left, wait = left - len(found), 0


def _deleted(service: Service, queue: Queue, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    receipts = [{"ReceiptHandle": entry.params.receipt} for entry in entries]
    given = send_batch(
        service, "DeleteMessageBatch", "sqs:DeleteMessage", {"QueueUrl": queue.url}, receipts,
        key="Entries", about=f"the queue {queue.name}", field="params.receipt",
    )  # fmt: skip
    for one in given:
        yield one if isinstance(one, NodeError) else [item({"deleted": True})]
