"""Filters of a query, made of conditions (developers.notion.com/reference/filter-data-source-entries)."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.notion.conditions import Condition, Sorted
from functions.nodes.apps.notion.ids import id_of
from functions.nodes.apps.notion.schema import kind_of
from functions.nodes.apps.notion.typed import typed
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid

_TEXT: Final = frozenset({"title", "rich_text", "url", "email", "phone_number"})
_TIMES: Final = frozenset({"created_time", "last_edited_time"})
_IDS: Final = frozenset({"people", "created_by", "last_edited_by", "relation"})
_EQUAL: Final = {"equals": "contains", "does_not_equal": "does_not_contain"}
"""Of properties that hold several: to be one of them."""


def filter_of(
    conditions: list[Condition], combine: str, more: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the filter of conditions, and of one that is given besides; None where there is none.

    Raises:
        ParameterInvalid: a property is not there, or a value does not fit it.
    """
    made = [_condition(index, one, known) for index, one in enumerate(conditions)]
    joined = made[0] if len(made) == 1 else {combine: made} if made else None
    if joined and more:
        return {"and": [joined, dict(more)]}
    return joined or (dict(more) if more else None)


def sorts_of(sorts: list[Sorted], known: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the order of a query. Raises ParameterInvalid where a property is not there."""
    made = []
    for index, one in enumerate(sorts):
        if one.property in _TIMES and one.property not in known:
            made.append({"timestamp": one.property, "direction": one.direction})
            continue
        name, _ = kind_of(known, one.property, f"params.databaseQuerySort.{index}.property")
        made.append({"property": name, "direction": one.direction})
    return made


def _condition(index: int, condition: Condition, known: Mapping[str, Any]) -> dict[str, Any]:
    field = f"params.databaseQueryWhere.{index}"
    if condition.property in _TIMES and condition.property not in known:
        return {"timestamp": condition.property, condition.property: {condition.operator: _scalar(condition, field)}}
    name, kind = kind_of(known, condition.property, f"{field}.property")
    if condition.operator in ("is_empty", "is_not_empty"):
        inner: dict[str, Any] = {condition.operator: True}
        return {"property": name, **(_of_formula(inner, "") if kind == "formula" else {_key(kind): inner})}
    if kind == "formula":
        return {"property": name, **_of_formula({condition.operator: condition.value}, condition.value)}
    several = kind in _IDS or kind == "multi_select"
    operator = _EQUAL.get(condition.operator, condition.operator) if several else condition.operator
    return {"property": name, _key(kind): {operator: _value(condition, kind, field)}}


def _key(kind: str) -> str:
    return "rich_text" if kind == "title" else kind


def _of_formula(inner: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the filter of a formula: its type is that of the value, as the schema does not say it."""
    if isinstance(value, bool):
        return {"formula": {"checkbox": inner}}
    return {"formula": {"number" if isinstance(value, int | float) else "string": inner}}


def _value(condition: Condition, kind: str, field: str) -> Any:
    if kind in _IDS:
        return id_of(_scalar(condition, field), condition.property, f"{field}.value")
    if kind in ("number", "unique_id"):
        return typed(condition.property, "number", condition.value, f"{field}.value")["number"]
    if kind == "checkbox":
        return typed(condition.property, "checkbox", condition.value, f"{field}.value")["checkbox"]
    return _scalar(condition, field)


def _scalar(condition: Condition, field: str) -> str:
    value = condition.value
    if isinstance(value, str | bool | int | float):
        return scalar_text(value)
    what = "nothing" if value is None else "an object or a list"
    raise ParameterInvalid(
        f"Where: the value for {condition.property} is {what}.",
        "Write a value, or choose “is empty”.",
        details={"field": f"{field}.value"},
    )
