"""Whether a condition holds (`stepweave.spec.parts.Condition`): what if, switch and filter are made of."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from stepweave.model.moments import FORMS, read_moment
from stepweave.model.numbers import as_double, data_text, read_number, same
from stepweave.runtime.errors import PatternInvalid, ValueMismatch
from stepweave.spec.parts import OPERATORS, Condition

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "equals": lambda left, right: left == right,
    "notEquals": lambda left, right: left != right,
    "greater": lambda left, right: left is not None and right is not None and left > right,
    "greaterOrEqual": lambda left, right: left is not None and right is not None and left >= right,
    "less": lambda left, right: left is not None and right is not None and left < right,
    "lessOrEqual": lambda left, right: left is not None and right is not None and left <= right,
}


def all_or_any_hold(
    conditions: Sequence[Condition],
    combine: str,
    *,
    ignore_case: bool = False,
    zone: str = "UTC",
    field: str = "conditions",
) -> bool:
    """Return whether all conditions hold, or with `or` as `combine` any of them.

    Args:
        conditions: with their values.
        combine: `and` or `or`; conditions after the one that decides are not looked at.
        ignore_case: compare text without regard to case, as JavaScript's `toLowerCase` sees it.
        zone: the time zone of dates without an offset.
        field: names the list of conditions in errors.

    Raises:
        ValueMismatch: as in `holds`.
        PatternInvalid: as in `holds`.
    """
    met = (
        holds(condition, ignore_case=ignore_case, zone=zone, field=f"{field}.{index}")
        for index, condition in enumerate(conditions)
    )
    return all(met) if combine == "and" else any(met)


def holds(condition: Condition, *, ignore_case: bool = False, zone: str = "UTC", field: str = "condition") -> bool:
    """Return whether a condition with evaluated values holds.

    Nothing is greater or less than an empty value (null), and null equals only null. Numbers are JavaScript's doubles;
    two texts that are whole numbers are compared with all their digits. Lists and objects as text are their JSON.

    Args:
        condition: with its values.
        ignore_case: compare text without regard to case, as JavaScript's `toLowerCase` sees it.
        zone: the time zone of dates without an offset.
        field: names the condition in errors.

    Raises:
        ValueMismatch: a value cannot be read as the condition's type, or the operator does not go with it.
        PatternInvalid: the pattern of `matches` is none, or takes too long.
    """
    operator, left, right = condition.operator, condition.left, condition.right
    if operator not in OPERATORS[condition.type]:
        raise ValueMismatch(
            f"“{operator}” does not compare values of type {condition.type}.",
            f"Choose one of: {', '.join(OPERATORS[condition.type])}.",
            details={"field": field},
        )
    match operator:
        case "exists":
            return left is not None
        case "notExists":
            return left is None
        case "isEmpty":
            return _empty(left)
        case "isNotEmpty":
            return not _empty(left)
        case "isTrue":
            return _value("boolean", left, zone, field) is True
        case "isFalse":
            return _value("boolean", left, zone, field) is False
    if condition.type == "list":
        entries = _value("list", left, zone, field) or []
        within = any(same(_folded(entry, ignore_case), _folded(right, ignore_case)) for entry in entries)
        return within == (operator == "contains")
    if condition.type == "any":
        return same(_folded(left, ignore_case), _folded(right, ignore_case)) == (operator == "equals")
    left, right = _value(condition.type, left, zone, field), _value(condition.type, right, zone, field)
    if condition.type == "number" and not (isinstance(condition.left, str) and isinstance(condition.right, str)):
        # Data that went through an expression is a double already: two texts alone still have all their digits.
        left, right = (value if value is None else as_double(value) for value in (left, right))
    if operator in _COMPARE:
        return _COMPARE[operator](_folded(left, ignore_case), _folded(right, ignore_case))
    return _text_holds(operator, left or "", right or "", ignore_case, field)


def _text_holds(operator: str, left: str, right: str, ignore_case: bool, field: str) -> bool:
    if operator == "matches":
        return _matches(right, left, ignore_case, field)
    left, right = _folded(left, ignore_case), _folded(right, ignore_case)
    if operator == "startsWith":
        return left.startswith(right)
    if operator == "endsWith":
        return left.endswith(right)
    return (right in left) == (operator == "contains")


def _folded(value: Any, ignore_case: bool) -> Any:
    return value.lower() if ignore_case and isinstance(value, str) else value


def _matches(pattern: str, text: str, ignore_case: bool, field: str) -> bool:
    from stepweave.expressions.patterns import PatternError, matches

    try:
        return matches(pattern, text, ignore_case=ignore_case)
    except PatternError as error:
        raise PatternInvalid(str(error), error.remedy, details={"field": field, "pattern": pattern[:200]}) from None


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _value(type: str, value: Any, zone: str, field: str) -> Any:
    """Return a value read as a type; None stays None, and so does an empty text where it cannot be that type."""
    if value is None:
        return None
    if type != "text" and isinstance(value, str) and not value.strip():
        return None
    result = read_moment(value, zone) if type == "date" else _READ[type](value)
    if result is None:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        hint = f" A date is {FORMS}, or milliseconds since 1970." if type == "date" else ""
        raise ValueMismatch(
            f"{shown if len(shown) <= 80 else shown[:80] + '…'} is not a {type}.{hint}",
            "Change the value or the condition's type, or let the node go on after errors.",
            details={"field": field},
        )
    return result


def _number(value: Any) -> float | int | None:
    if isinstance(value, str):
        return read_number(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "text": data_text,
    "number": _number,
    "boolean": _boolean,
    "list": _list,
}
