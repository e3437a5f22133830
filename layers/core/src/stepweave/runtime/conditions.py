"""Whether a condition holds (`stepweave.spec.parts.Condition`): what if, switch and filter are made of."""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from stepweave.runtime.errors import PatternInvalid, ValueMismatch
from stepweave.spec.parts import OPERATORS, Condition, as_text

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "equals": lambda left, right: _same(left, right),
    "notEquals": lambda left, right: not _same(left, right),
    "greater": lambda left, right: left is not None and right is not None and left > right,
    "greaterOrEqual": lambda left, right: left is not None and right is not None and left >= right,
    "less": lambda left, right: left is not None and right is not None and left < right,
    "lessOrEqual": lambda left, right: left is not None and right is not None and left <= right,
}


def all_or_any_hold(
    conditions: Sequence[Condition], combine: str, *, ignore_case: bool = False, field: str = "conditions"
) -> bool:
    """Return whether all conditions hold, or with `or` as `combine` any of them.

    Args:
        conditions: with their values.
        combine: `and` or `or`; conditions after the one that decides are not looked at.
        ignore_case: compare text without regard to case.
        field: names the list of conditions in errors.

    Raises:
        ValueMismatch: as in `holds`.
        PatternInvalid: as in `holds`.
    """
    met = (
        holds(condition, ignore_case=ignore_case, field=f"{field}.{index}")
        for index, condition in enumerate(conditions)
    )
    return all(met) if combine == "and" else any(met)


def holds(condition: Condition, *, ignore_case: bool = False, field: str = "condition") -> bool:
    """Return whether a condition with evaluated values holds.

    Nothing is greater or less than an empty value (null), and null equals only null.

    Args:
        condition: with its values.
        ignore_case: compare text without regard to case.
        field: names the condition in errors.

    Raises:
        ValueMismatch: a value cannot be read as the condition's type, or the operator does not go with it.
        PatternInvalid: the pattern of `matches` is none.
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
            return _value("boolean", left, field) is True
        case "isFalse":
            return _value("boolean", left, field) is False
    if condition.type == "list":
        entries = _value("list", left, field) or []
        within = any(_same(_folded(entry, ignore_case), _folded(right, ignore_case)) for entry in entries)
        return within == (operator == "contains")
    left, right = _value(condition.type, left, field), _value(condition.type, right, field)
    if operator in _COMPARE:
        return _COMPARE[operator](_folded(left, ignore_case), _folded(right, ignore_case))
    return _text_holds(operator, left or "", right or "", ignore_case, field)


def _text_holds(operator: str, left: str, right: str, ignore_case: bool, field: str) -> bool:
    if operator == "matches":
        return _pattern(right, ignore_case, field).search(left) is not None
    left, right = _folded(left, ignore_case), _folded(right, ignore_case)
    if operator == "startsWith":
        return left.startswith(right)
    if operator == "endsWith":
        return left.endswith(right)
    return (right in left) == (operator == "contains")


def _same(left: Any, right: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _folded(value: Any, ignore_case: bool) -> Any:
    return value.casefold() if ignore_case and isinstance(value, str) else value


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


@lru_cache(maxsize=64)
def _pattern(text: str, ignore_case: bool, field: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternInvalid(
            f"The pattern cannot be read: {error}.", "Mend the regular expression.", details={"field": field}
        ) from None


def _value(type: str, value: Any, field: str) -> Any:
    """Return a value read as a type; None stays None, and so does an empty text where it cannot be that type."""
    if value is None or type == "any":
        return value
    read = {"text": _text, "number": _number, "boolean": _boolean, "date": _date, "list": _list}[type]
    if value == "" and type != "text":
        return None
    result = read(value)
    if result is None:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        raise ValueMismatch(
            f"{shown if len(shown) <= 80 else shown[:80] + '…'} is not a {type}.",
            "Change the value or the condition's type, or let the node go on after errors.",
            details={"field": field},
        )
    return result


def _text(value: Any) -> str | None:
    text = as_text(value)
    return text if isinstance(text, str) else json.dumps(value, ensure_ascii=False)


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None


def _date(value: Any) -> datetime | None:
    """Read ISO 8601 text or milliseconds since 1970; without a zone it is UTC."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None
