"""Expressions of DynamoDB, with the values and names that they name."""

import re
from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.nodes.dynamodb.attributes import written
from functions.nodes.apps.aws.nodes.dynamodb.attributes import written_item as item_of
from functions.nodes.apps.aws.nodes.dynamodb.spec import Params
from stepweave.runtime.errors import ParameterInvalid

_NAMED: Final = re.compile(r"#([A-Za-z0-9_]+)")
_VALUED: Final = re.compile(r":([A-Za-z0-9_]+)")


def expressions(params: Params, **texts: str) -> dict[str, Any]:
    """Return the part of a request that is expressions.

    Args:
        params: of the node.
        texts: the expressions by the request's names: `FilterExpression="total > :least"`; empty ones are left out.

    Raises:
        ParameterInvalid: a value is missing, or cannot be stored.
    """
    used = {name: text.strip() for name, text in texts.items() if text.strip()}
    whole = " ".join(used.values())
    request: dict[str, Any] = dict(used)
    given = _object(params.names, "names")
    if names := {f"#{name}" for name in _NAMED.findall(whole)}:
        request["ExpressionAttributeNames"] = {
            name: str(given.get(name, given.get(name[1:], name[1:]))) for name in sorted(names)
        }
    values = _object(params.values, "values")
    wanted = dict.fromkeys(_VALUED.findall(whole))
    if wanted:
        request["ExpressionAttributeValues"] = {f":{name}": _value(params, values, name) for name in wanted}
    return request


def changes_of(params: Params) -> dict[str, Any]:
    """Return the part of a request that changes an item: the attributes by name, the expression, and the condition.

    Raises:
        ParameterInvalid: nothing is to be changed, or a value cannot be stored.
    """
    request = expressions(params, UpdateExpression=params.update_expression, ConditionExpression=params.condition)
    changes = _object(params.changes, "changes")
    if changes and params.update_expression.strip():
        raise _wrong("changes", "Attributes are set by name and by an expression.", "Use one of both.")
    if not changes:
        if not params.update_expression.strip():
            raise _wrong("changes", "Nothing is to be changed.", 'Give attributes: {"status": "paid"}.')
        return request
    sets, removes = [], []
    names = request.setdefault("ExpressionAttributeNames", {})
    for index, (name, value) in enumerate(changes.items()):
        names[f"#sw_{index}"] = str(name)
        if value is None:
            removes.append(f"#sw_{index}")
            continue
        sets.append(f"#sw_{index} = :sw_{index}")
        made = item_of({name: value}, "params.changes", typed=params.typed)[str(name)]
        request.setdefault("ExpressionAttributeValues", {})[f":sw_{index}"] = made
    parts = [f"SET {', '.join(sets)}" if sets else "", f"REMOVE {', '.join(removes)}" if removes else ""]
    return {**request, "UpdateExpression": " ".join(filter(None, parts))}


def _value(params: Params, values: Mapping[str, Any], name: str) -> dict[str, Any]:
    key = f":{name}" if f":{name}" in values else name
    if key not in values:
        known = ", ".join(map(str, values)) or "none"
        raise _wrong("values", f"The expression names :{name}, which has no value ({known}).", "Give it one.")
    if params.typed:
        return item_of({name: values[key]}, "params.values", typed=True)[name]  # type: ignore[no-any-return]
    return written(values[key], "params.values", key)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(name, f"{name.capitalize()} are no object.", "Write an object, or an expression that gives one.")
    return value


def _wrong(name: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{name}"})
