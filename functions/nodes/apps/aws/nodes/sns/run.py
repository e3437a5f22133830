"""Publishes a message for each item."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from functions.nodes.apps.aws.nodes.sns.spec import Params
from functions.nodes.apps.aws.service import Services
from functions.nodes.apps.aws.specs import REGION
from functions.nodes.apps.aws.values import attributes_of, in_batches, send_batch, text_of
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError, ParameterInvalid

_BATCH: Final = 10
_MOST_BYTES: Final = 256 * 1024
_ARN: Final = re.compile(rf"arn:[a-z-]+:sns:({REGION}):[0-9]{{12}}:[\w-]{{1,256}}(\.fifo)?")
_PHONE: Final = re.compile(r"\+[1-9][0-9]{4,14}")


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what SNS says of each message, in the order of the input items."""
    services = Services(step, "sns")
    if step.constant("to") == "phone":
        return step.each(lambda entry: [item(_called(services, entry))])
    return step.each_together(lambda entries: _published(services, entries), most=_BATCH)


def _called(services: Services, entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    phone = re.sub(r"[\s()/.-]", "", params.phone)
    if not _PHONE.fullmatch(phone):
        raise _wrong("phone", f"“{params.phone}” is no telephone number", "Write it with its country: +4930123456.")
    request = {"PhoneNumber": phone, "Message": text_of(params.message)}
    attributes = attributes_of(params.attributes)
    about = "the telephone number"
    answer = services.of(params.region).call(
        "Publish", about, field="params.phone", MessageAttributes=attributes, **request
    )
    return {"messageId": answer.get("MessageId")}


def _published(services: Services, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    messages: list[tuple[str, dict[str, Any]]] = []
    for entry in entries:
        try:
            messages.append((entry.params.topic.strip(), _message(entry)))
        except NodeError as error:
            if not messages:
                yield error
                return
            break  # the items behind it come in the next batch
    for topic, group in groupby(messages, lambda one: one[0]):
        service = services.of(_ARN.fullmatch(topic)[1])  # type: ignore[index]  # _message has looked
        for batch in in_batches([one[1] for one in group], _size, most=_BATCH, most_bytes=_MOST_BYTES):
            given = send_batch(
                service, "PublishBatch", "sns:Publish", {"TopicArn": topic}, batch,
                key="PublishBatchRequestEntries", about=f"the topic {topic.rpartition(':')[2]}", field="params.topic",
            )  # fmt: skip
            for one in given:
                yield one if isinstance(one, NodeError) else [item(_told(one))]


def _told(answer: Any) -> dict[str, Any]:
    told = {"messageId": answer.get("MessageId")}
    return told | ({"sequenceNumber": answer["SequenceNumber"]} if answer.get("SequenceNumber") else {})


def _message(entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    topic = _ARN.fullmatch(params.topic.strip())
    if topic is None:
        remedy = "Copy its ARN from the console of SNS: arn:aws:sns:eu-central-1:123456789012:orders"
        raise _wrong("topic", "It is no ARN of a topic", remedy)
    message: dict[str, Any] = {"Message": text_of(params.message)}
    if params.by_protocol:
        is_right = isinstance(params.message, dict) and isinstance(params.message.get("default"), str)
        if not is_right or not all(isinstance(one, str) for one in params.message.values()):
            remedy = 'Give an object of texts with a default: {"default": "...", "email": "..."}.'
            raise _wrong("message", "The message has no text for each protocol", remedy)
        message["MessageStructure"] = "json"
    if params.subject:
        message["Subject"] = params.subject
    if attributes := attributes_of(params.attributes):
        message["MessageAttributes"] = attributes
    if topic[2]:
        message["MessageGroupId"] = params.group_id or "stepweave"
        message["MessageDeduplicationId"] = params.deduplication_id or entry.idempotency_key[:128]
    return message


def _size(message: dict[str, Any]) -> int:
    return len(message["Message"].encode("utf-8", "replace")) + 300 * len(message.get("MessageAttributes", {}))


def _wrong(name: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(f"{words}.", remedy, details={"field": f"params.{name}"})
