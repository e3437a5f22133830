"""Puts and deletes items in batches; each hears of its own, and none is lost."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from functions.nodes.apps.aws import service as calls
from functions.nodes.apps.aws.nodes.dynamodb.attributes import digits_of, read_item, written_item
from functions.nodes.apps.aws.nodes.dynamodb.spec import Params
from functions.nodes.apps.aws.service import Service, Services
from functions.nodes.apps.aws.values import waited
from stepweave.model.items import Item, item
from stepweave.runtime import Entry
from stepweave.runtime.aws_errors import AwsRefused
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpRateLimited

BATCH: Final = 25
Write = Mapping[str, Any]
"""`{"PutRequest": {"Item": ...}}` or `{"DeleteRequest": {"Key": ...}}`."""


def write(services: Services, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    """Yield what came of each item, in their order. Raises NodeError of all of them."""
    for (table, region), found in groupby(entries, lambda one: (one.params.table, one.params.region)):
        group = list(found)
        writes: list[Write | NodeError] = [_write(entry.params) for entry in group]
        good = [one for one in writes if not isinstance(one, NodeError)]
        failed = _written(services.of(region, table), table, good) if good else {}
        for entry, one in zip(group, writes, strict=True):
            error = one if isinstance(one, NodeError) else failed.get(_text(one))
            yield error or [item(_told(entry.params, one))]  # type: ignore[arg-type]


def _write(params: Params) -> Write | NodeError:
    try:
        if params.operation == "put":
            return {"PutRequest": {"Item": written_item(params.item, "params.item", typed=params.typed)}}
        return {"DeleteRequest": {"Key": written_item(params.key, "params.key", typed=params.typed)}}
    except NodeError as error:
        return error


def _told(params: Params, write: Write) -> dict[str, Any]:
    if params.operation == "put":
        return read_item(write["PutRequest"]["Item"], typed=params.typed)
    return {**read_item(write["DeleteRequest"]["Key"], typed=params.typed), "deleted": True}


def _written(dynamodb: Service, table: str, writes: Sequence[Write]) -> dict[str, NodeError]:
    """Write a batch. Return the errors of what is not written, by the writes' own text."""
    about = f"the table {table}"
    left = list({_text(one): one for one in writes}.values())  # DynamoDB takes no item twice in a batch
    try:
        for pause in (*calls.PAUSES, None):
            answer = dynamodb.call("BatchWriteItem", about, field="params.table", RequestItems={table: left})
            left = answer.get("UnprocessedItems", {}).get(table, [])
            if not left or pause is None or not waited(dynamodb, pause):
                break
    except AwsRefused as error:
        if error.details.get("code") != "ValidationException":
            raise
        return _one_by_one(dynamodb, table, writes)
    words = f"DynamoDB did not take it in time: {about} is throttled."
    late = HttpRateLimited(words, "Try again, or raise the table's capacity.")
    if not {_text(one) for one in left} <= {_text(one) for one in writes}:
        raise late
    return {_text(one): late for one in left}


def _one_by_one(dynamodb: Service, table: str, writes: Sequence[Write]) -> dict[str, NodeError]:
    """Write what no batch takes, because keys stand there twice or one of the items is wrong, in its order."""
    failed: dict[str, NodeError] = {}
    for one in writes:
        [(kind, request)] = one.items()
        try:
            name = "PutItem" if kind == "PutRequest" else "DeleteItem"
            dynamodb.call(name, f"the table {table}", field="params.table", TableName=table, **request)
            failed.pop(_text(one), None)
        except NodeError as error:
            failed[_text(one)] = error
    return failed


def _text(write: Any) -> str:
    """Return what a write is known by: DynamoDB gives it back with its numbers and its order changed."""
    if isinstance(write, Mapping):
        if len(write) == 1 and isinstance(write.get("N"), str):
            return f"N{digits_of(Decimal(write['N']))}"
        if len(write) == 1 and isinstance(write.get("NS"), list):
            return f"NS{sorted(digits_of(Decimal(one)) for one in write['NS'])}"
        if len(write) == 1 and set(write) <= {"SS", "BS"} and isinstance(found := next(iter(write.values())), list):
            return f"S{sorted(found)}"
        return f"{{{', '.join(f'{name}:{_text(write[name])}' for name in sorted(write))}}}"
    return f"[{', '.join(map(_text, write))}]" if isinstance(write, list) else repr(write)
