"""Puts an event on a bus for each item."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from functions.nodes.apps.aws import service as calls
from functions.nodes.apps.aws.nodes.eventbridge.spec import Params
from functions.nodes.apps.aws.service import Service, Services, refused
from functions.nodes.apps.aws.values import AGAIN, Gave, in_batches, waited
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError, ParameterInvalid

_BATCH: Final = 10
_MOST_BYTES: Final = 1024 * 1024


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the events' ids, in the order of the input items."""
    services = Services(step, "events")
    return step.each_together(lambda entries: _put(services, entries), most=_BATCH)


def _put(services: Services, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    events: list[tuple[tuple[str, str], dict[str, Any]]] = []
    for entry in entries:
        try:
            events.append(((entry.params.region, entry.params.bus), _event(entry.params)))
        except NodeError as error:
            if not events:
                yield error
                return
            break  # the items behind it come in the next batch
    for place, group in groupby(events, lambda one: one[0]):
        for batch in in_batches([one[1] for one in group], _size, most=_BATCH, most_bytes=_MOST_BYTES):
            for one in _sent(services.of(*place), batch):
                yield one if isinstance(one, NodeError) else [item({"eventId": one.get("EventId")})]


def _sent(events: Service, batch: Sequence[dict[str, Any]]) -> list[Gave]:
    """Put events, and return what came of each; those that EventBridge was too busy for are put again."""
    given: list[Gave] = [{} for _ in batch]
    left = list(range(len(batch)))
    for pause in (*calls.PAUSES, None):
        answer = events.call("PutEvents", "the event bus", field="params.bus", Entries=[batch[index] for index in left])
        again = []
        for index, one in zip(left, answer.get("Entries", []), strict=True):
            given[index] = one
            if code := one.get("ErrorCode"):
                told = {"Error": {"Code": code, "Message": one.get("ErrorMessage")}}
                given[index] = refused(
                    told, "events:PutEvents", "the event bus", events.account.region, "params.detail"
                )
                again += [index] if code in AGAIN else []
        left = again
        if not left or pause is None or not waited(events, pause):
            return given
    return given


def _event(params: Params) -> dict[str, Any]:
    if not isinstance(params.detail, dict):
        words = "The detail is no object, which EventBridge wants."
        raise ParameterInvalid(words, "Give an object: {{ $json }}.", details={"field": "params.detail"})
    event: dict[str, Any] = {
        "EventBusName": params.bus,
        "Source": params.source,
        "DetailType": params.detail_type,
        "Detail": json.dumps(params.detail, ensure_ascii=False),
    }
    if resources := [line.strip() for line in params.resources.splitlines() if line.strip()]:
        event["Resources"] = resources
    if params.time.strip():
        try:
            at = datetime.fromisoformat(params.time.strip())
        except ValueError:
            words = f"“{params.time}” is no time."
            raise ParameterInvalid(words, "Write ISO text.", details={"field": "params.time"}) from None
        event["Time"] = at if at.tzinfo else at.replace(tzinfo=UTC)
    return event


def _size(event: dict[str, Any]) -> int:
    return sum(len(str(value).encode("utf-8", "replace")) for value in event.values())
