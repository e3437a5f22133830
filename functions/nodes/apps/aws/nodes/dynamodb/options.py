"""The account's tables, and the indexes of one, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def tables(asked: Asked, wanted: Wanted) -> Options:
    """Return the tables of the credential's account."""
    request: dict[str, Any] = {"ExclusiveStartTableName": wanted.page or None}
    answer = service_of(asked, "dynamodb").call("ListTables", "the account's tables", **request)
    return Options([Option(name) for name in answer["TableNames"]], answer.get("LastEvaluatedTableName", ""))


def indexes(asked: Asked, wanted: Wanted) -> Options:
    """Return the indexes of the table, each with its keys."""
    table = str(asked.param("table") or "")
    dynamodb = service_of(asked, "dynamodb")
    told = dynamodb.call("DescribeTable", f"the table {table}", field="params.table", TableName=table)["Table"]
    found = [*told.get("GlobalSecondaryIndexes", []), *told.get("LocalSecondaryIndexes", [])]
    return Options(
        [Option(one["IndexName"], detail=", ".join(key["AttributeName"] for key in one["KeySchema"])) for one in found]
    )


LOADERS: Final[Mapping[str, LoadOptions]] = {"tables": tables, "indexes": indexes}
