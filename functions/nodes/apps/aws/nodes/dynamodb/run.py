"""Reads and writes items of a table."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.aws.nodes.dynamodb.attributes import read_item, written_item
from functions.nodes.apps.aws.nodes.dynamodb.errors import DynamoConditionFailed
from functions.nodes.apps.aws.nodes.dynamodb.expressions import changes_of, expressions
from functions.nodes.apps.aws.nodes.dynamodb.spec import Params
from functions.nodes.apps.aws.nodes.dynamodb.writing import BATCH, write
from functions.nodes.apps.aws.service import Service, Services
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.aws_errors import AwsRefused
from stepweave.runtime.errors import NodeError


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what came of it, in the order of the input items."""
    services = Services(step, "dynamodb")
    if step.constant("operation") in ("put", "delete") and not _has_condition(step):
        return step.each_together(lambda entries: write(services, entries), most=BATCH)

    def done(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        dynamodb = services.of(params.region, params.table)
        if params.operation in ("query", "scan"):
            return list(_many(dynamodb, params))
        if params.operation == "get":
            return _got(dynamodb, params)
        return [item(_changed(dynamodb, params))]

    return step.each(done)


def _has_condition(step: Step[Params]) -> bool:
    """Return whether any item has a condition, or one that cannot be evaluated: that fails where the item's turn is."""
    try:
        return any(str(step.param("condition", index) or "").strip() for index in range(len(step.items())))
    except NodeError:
        return True


def _got(dynamodb: Service, params: Params) -> list[Item]:
    request = {
        "TableName": params.table,
        "Key": written_item(params.key, "params.key", typed=params.typed),
        "ConsistentRead": params.consistent or None,
        **expressions(params, ProjectionExpression=params.attributes),
    }
    found = dynamodb.call("GetItem", f"the table {params.table}", field="params.table", **request).get("Item")
    return [item(read_item(found, typed=params.typed))] if found else []


def _many(dynamodb: Service, params: Params) -> Iterator[Item]:
    is_query = params.operation == "query"
    texts = {"FilterExpression": params.filter, "ProjectionExpression": params.attributes}
    texts |= {"KeyConditionExpression": params.key_condition} if is_query else {}
    request = {
        "TableName": params.table,
        "IndexName": params.index or None,
        "ConsistentRead": params.consistent or None,
        "Limit": params.limit if params.limit < 1000 and not params.filter.strip() else None,
        **({"ScanIndexForward": not params.newest_first} if is_query else {}),
        **expressions(params, **texts),
    }
    count = 0
    pages = dynamodb.pages(
        "Query" if is_query else "Scan", f"the table {params.table}", field="params.table", **request
    )
    for page in pages:
        for found in page.get("Items", []):
            if count == params.limit:
                return
            count += 1
            yield item(read_item(found, typed=params.typed))
        if count == params.limit:
            return


def _changed(dynamodb: Service, params: Params) -> dict[str, Any]:
    about, typed = f"the table {params.table}", params.typed
    request: dict[str, Any] = {"TableName": params.table, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if params.operation == "put":
        stored = written_item(params.item, "params.item", typed=typed)
        request |= {"Item": stored, **expressions(params, ConditionExpression=params.condition)}
        _called(dynamodb, "PutItem", about, request, params)
        return read_item(stored, typed=typed)
    key = written_item(params.key, "params.key", typed=typed)
    if params.operation == "delete":
        request |= {"Key": key, **expressions(params, ConditionExpression=params.condition)}
        _called(dynamodb, "DeleteItem", about, request, params)
        return {**read_item(key, typed=typed), "deleted": True}
    request |= {"Key": key, "ReturnValues": "ALL_NEW", **changes_of(params)}
    answer = _called(dynamodb, "UpdateItem", about, request, params)
    return read_item(answer.get("Attributes", {}), typed=typed)


def _called(dynamodb: Service, operation: str, about: str, request: dict[str, Any], params: Params) -> dict[str, Any]:
    try:
        return dynamodb.call(operation, about, field="params.table", **request)
    except AwsRefused as error:
        if error.details.get("code") != "ConditionalCheckFailedException":
            raise
        there = error.details.get("item")
        raise DynamoConditionFailed(
            f"The condition does not hold for the item in {about}: {params.condition.strip()}",
            "Read the item again, or let items that fail so go on at the error port.",
            details={
                "code": error.details["code"],
                "field": "params.condition",
                **({"item": read_item(there, typed=params.typed)} if isinstance(there, dict) else {}),
            },
        ) from None
