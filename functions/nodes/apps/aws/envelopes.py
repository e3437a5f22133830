"""What lies in a queue for S3's notifications and EventBridge's events: read from a message's body, also out of SNS's.

Both come at least once, as messages of their own: so they are known by what they are about, not by the message.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from functions.nodes.apps.aws.messages import item_of
from functions.nodes.apps.aws.receiving import Read
from stepweave.model.json_text import JsonInvalid, read

_CREATED: Final = "ObjectCreated:"
_TEST: Final = "s3:TestEvent"


def event_of(message: Mapping[str, Any]) -> Read:
    """Return the event of EventBridge that a message carries."""
    event = _body(message)
    if not isinstance(event, dict) or not isinstance(event.get("detail-type"), str) or "source" not in event:
        return _unknown(message, "an event of EventBridge")
    item = {
        "id": event.get("id"),
        "source": event["source"],
        "detailType": event["detail-type"],
        "detail": event.get("detail"),
        "time": event.get("time"),
        "account": event.get("account"),
        "region": event.get("region"),
        "resources": event.get("resources") or [],
    }
    return Read(f"event {event['id']}" if event.get("id") else message["MessageId"], [item])


def objects_of(message: Mapping[str, Any], bucket: str, prefix: str, suffix: str) -> Read:
    """Return the objects that S3 tells of in a message: those that were made, and only those that are wanted.

    Args:
        message: a notification of S3's, one that came by SNS, or an event of EventBridge.
        bucket: its name; "" for any.
        prefix: of the keys.
        suffix: of the keys.
    """
    told = _body(message)
    if isinstance(told, dict) and told.get("Event") == _TEST:
        return Read(message["MessageId"], [])
    found = list(_objects(told)) if isinstance(told, dict) else []
    if not found or None in found:
        return _unknown(message, "a notification of S3")
    items = [
        one
        for one in found
        if one
        and one["event"].startswith(_CREATED)
        and bucket in ("", one["bucket"])
        and one["key"].startswith(prefix)
        and one["key"].endswith(suffix)
    ]
    # Two writes of one object differ by the sequencer, and by the version where the bucket has them.
    marks = [f"{one['bucket']}/{one['key']} {one['versionId']} {one['sequencer']}" for one in found if one]
    is_marked = all(one["sequencer"] for one in found if one)
    return Read("object " + "\n".join(marks) if is_marked else message["MessageId"], items)


def _objects(told: Mapping[str, Any]) -> Iterator[dict[str, Any] | None]:
    """Yield the objects that are told of, whatever happened to them; None for what cannot be read."""
    if told.get("source") == "aws.s3":
        yield _by_event(told)
        return
    records = told.get("Records")
    for record in records if isinstance(records, list) else []:
        yield _by_notification(record)


def _by_notification(record: Any) -> dict[str, Any] | None:
    s3 = record.get("s3") if isinstance(record, dict) else None
    bucket, stored = (s3.get("bucket"), s3.get("object")) if isinstance(s3, dict) else (None, None)
    if not isinstance(bucket, dict) or not isinstance(stored, dict) or not _are_text(bucket, "name"):
        return None
    if not _are_text(stored, "key") or not _are_text(record, "eventName"):
        return None
    return {
        "event": record["eventName"].removeprefix("s3:"),
        "bucket": bucket["name"],
        # As a form has it: `red+flower.jpg` is `red flower.jpg`.
        "key": unquote_plus(stored["key"], errors="replace"),
        "size": stored.get("size"),
        "eTag": stored.get("eTag"),
        "versionId": stored.get("versionId"),
        "sequencer": stored.get("sequencer"),
        "time": record.get("eventTime"),
        "region": record.get("awsRegion"),
    }


def _by_event(event: Mapping[str, Any]) -> dict[str, Any] | None:
    detail = event.get("detail")
    bucket, stored = (detail.get("bucket"), detail.get("object")) if isinstance(detail, dict) else (None, None)
    if not isinstance(detail, dict) or not isinstance(bucket, dict) or not isinstance(stored, dict):
        return None
    if not _are_text(bucket, "name") or not _are_text(stored, "key") or not _are_text(event, "detail-type"):
        return None
    reason = str(detail.get("reason") or "").removesuffix("Object")
    is_created = event["detail-type"] == "Object Created"
    return {
        "event": f"{_CREATED}{reason}" if is_created else event["detail-type"],
        "bucket": bucket["name"],
        "key": stored["key"],  # here as it is
        "size": stored.get("size"),
        "eTag": stored.get("etag"),
        "versionId": stored.get("version-id"),
        "sequencer": stored.get("sequencer"),
        "time": event.get("time"),
        "region": event.get("region"),
    }


def _body(message: Mapping[str, Any]) -> Any:
    """Return the data of a body, out of SNS's envelope where it is in one; None where it is no JSON."""
    try:
        data = read(str(message.get("Body") or ""))
        if isinstance(data, dict) and data.get("Type") == "Notification" and isinstance(data.get("Message"), str):
            data = read(data["Message"])
    except JsonInvalid:
        return None
    return data


def _unknown(message: Mapping[str, Any], wanted: str) -> Read:
    problem = f"The message is not {wanted}: something else sends to this queue."
    return Read(message["MessageId"], [{"problem": problem, "message": item_of(message, as_json=False)}])


def _are_text(data: Mapping[str, Any], name: str) -> bool:
    return isinstance(data.get(name), str)
