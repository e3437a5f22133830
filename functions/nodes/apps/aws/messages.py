"""A message of SQS as an item: its body, read where it is JSON, and what is known of it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from stepweave.model.json_text import JsonInvalid, read

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
"""A number that JavaScript has with all its digits."""
_MOST_BYTES: Final = 3 * 1024 * 1024
"""Numbers (`1e15`) can have more letters than they were sent with."""
_POINTERS: Final = (
    "software.amazon.payloadoffloading.PayloadS3Pointer",
    "com.amazon.sqs.javamessaging.MessageS3Pointer",
)
"""What the extended clients send for a body that lies in S3."""


def item_of(message: Mapping[str, Any], *, as_json: bool) -> dict[str, Any]:
    """Return a message as the workflow gets it.

    Args:
        message: as SQS gives it.
        as_json: read bodies that are JSON objects or lists. One that cannot be read stays text, and `problem` says why.
    """
    known = message.get("Attributes") or {}
    body = str(message.get("Body") or "")
    item: dict[str, Any] = {"messageId": message["MessageId"], "body": body}
    if as_json:
        item |= read_body(body)
    item["attributes"] = attributes_of(message.get("MessageAttributes") or {}, "DataType", "StringValue", "BinaryValue")
    item["sentAt"] = _moment(known.get("SentTimestamp"))
    item["receiveCount"] = _whole(known.get("ApproximateReceiveCount"))
    for name, key in (
        ("groupId", "MessageGroupId"),
        ("deduplicationId", "MessageDeduplicationId"),
        ("sequenceNumber", "SequenceNumber"),
        ("failedQueue", "DeadLetterQueueSourceArn"),
    ):
        if known.get(key):
            item[name] = str(known[key])
    return item


def attributes_of(given: Mapping[str, Any], type: str, text: str, binary: str) -> dict[str, Any]:
    """Return a message's attributes by name: texts, numbers that JSON has exactly, and Base64 of what is binary.

    Args:
        given: as the service has them.
        type: the name of what says `String`, `Number`, `Binary`, or one of these and a label.
        text: the name of a text's value.
        binary: the name of a binary value.
    """
    found: dict[str, Any] = {}
    for name, one in given.items():
        if isinstance(one, Mapping):
            kind = str(one.get(type) or "").partition(".")[0]
            value = one.get(binary) if kind == "Binary" else one.get(text)
            found[name] = _number(str(value)) if kind == "Number" else value
    return found


def read_body(body: str) -> dict[str, Any]:
    """Return what a body is read as: `body`, or `storedAt` or `problem` with it; nothing where it is text."""
    if body.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return {}
    try:
        data = read(body)
    except JsonInvalid as error:
        # What is no JSON at all is text that begins with a bracket.
        return {} if error.syntax else {"problem": f"The body is {error}."}
    if isinstance(data, list) and len(data) == 2 and data[0] in _POINTERS and isinstance(data[1], dict):
        return {"body": None, "storedAt": {"bucket": data[1].get("s3BucketName"), "key": data[1].get("s3Key")}}
    if len(json.dumps(data)) > _MOST_BYTES:
        return {"problem": "The body is larger as data than an item may be; here it is text."}
    return {"body": data}


def _number(text: str) -> Any:
    if _NUMBER.fullmatch(text) is None:
        return text
    return float(text) if "." in text else int(text)


def _whole(text: Any) -> int:
    return int(text) if isinstance(text, str | int) and re.fullmatch("[0-9]{1,9}", str(text)) else 1


def _moment(milliseconds: Any) -> str | None:
    if not re.fullmatch("[0-9]{1,14}", str(milliseconds)):
        return None
    moment = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
