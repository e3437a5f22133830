"""Whether a condition holds (`stepweave.spec.conditions.Condition`): what if, switch, filter and loops are made of."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from stepweave.model.moments import FORMS, read_moment
from stepweave.model.numbers import as_double, same
from stepweave.model.typed import IS_OF, PARSED, READ
from stepweave.runtime.errors import ParameterInvalid, PatternInvalid, ValueMismatch
from stepweave.spec.conditions import GROUP, OPERATORS, Comparison, Condition

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "equals": lambda left, right: left == right,
    "notEquals": lambda left, right: left != right,
    "greater": lambda left, right: left is not None and right is not None and left > right,
    "greaterOrEqual": lambda left, right: left is not None and right is not None and left >= right,
    "less": lambda left, right: left is not None and right is not None and left < right,
    "lessOrEqual": lambda left, right: left is not None and right is not None and left <= right,
}
_LENGTH: Final = "length"
"""Operators of lists that begin with it compare how long the list is; the rest of the name says how."""
_LONGEST_SHOWN: Final = 80


@dataclass(frozen=True)
class Comparing:
    """How conditions compare.

    Attributes:
        ignore_case: text without regard to case, as JavaScript's `toLowerCase` sees it.
        strict: values must have the condition's type; else they are converted where they can be.
        zone: the time zone of dates without an offset.
        field: names the condition, or the list of conditions, in errors.
    """

    ignore_case: bool = False
    strict: bool = False
    zone: str = "UTC"
    field: str = "condition"

    def at(self, place: object) -> Self:
        """Return the same for what lies below."""
        return type(self)(self.ignore_case, self.strict, self.zone, f"{self.field}.{place}")


def all_or_any_hold(conditions: Sequence[Condition | Comparison], combine: str, how: Comparing) -> bool:
    """Return whether all conditions hold, or with `or` as `combine` any of them.

    Args:
        conditions: with their values; some may be groups.
        combine: `and` or `or`; conditions after the one that decides are not looked at.
        how: they compare; its `field` names the list.

    Raises:
        ValueMismatch: as in `holds`.
        PatternInvalid: as in `holds`.
        ParameterInvalid: as in `holds`.
    """
    met = (holds(condition, how.at(index)) for index, condition in enumerate(conditions))
    return all(met) if combine == "and" else any(met)


def holds(condition: Condition | Comparison, how: Comparing = Comparing()) -> bool:
    """Return whether a condition with evaluated values holds.

    Nothing is greater or less than an empty value (null), and null equals only null; as text null is the empty text,
    and with a date that is missing no comparison holds. Numbers are JavaScript's doubles; two texts that are whole
    numbers are compared with all their digits. Lists and objects as text are their JSON.

    Args:
        condition: with its values.
        how: it compares; its `field` names the condition.

    Raises:
        ValueMismatch: a value cannot be read as the condition's type (with `strict`: is not of it), or the operator
            does not go with the type.
        PatternInvalid: the pattern of `matches` is none, or takes too long.
        ParameterInvalid: a group without conditions.
    """
    if isinstance(condition, Condition) and condition.type == GROUP:
        if not condition.conditions:
            raise ParameterInvalid(
                "A group has no conditions.",
                "Add a condition to the group, or remove the group.",
                details={"field": f"{how.field}.conditions"},
            )
        return all_or_any_hold(condition.conditions, condition.combine, how.at("conditions"))
    return _Read(condition, how).holds()


@dataclass(frozen=True)
class _Read:
    """One comparison."""

    of: Condition | Comparison
    how: Comparing

    def holds(self) -> bool:
        type, operator, left = str(self.of.type), self.of.operator, self.of.left
        operators: Sequence[str] = OPERATORS.get(type, ())  # type: ignore[call-overload]
        if operator not in operators:
            raise ValueMismatch(
                f"“{operator}” does not compare values of type {type}.",
                f"Choose one of: {', '.join(operators)}.",
                details={"field": self.how.field},
            )
        match operator:
            case "exists" | "notExists":
                return (left is not None) == (operator == "exists")
            case "isEmpty" | "isNotEmpty":
                return self._is_empty(type) == (operator == "isEmpty")
            case "isTrue" | "isFalse":
                return (self._left("boolean") is True) == (operator == "isTrue")
        if type == "list":
            return self._list_holds(operator)
        if type == "any":
            return self._same(left, self.of.right) == (operator == "equals")
        return self._values_hold(type, operator)

    def _is_empty(self, type: str) -> bool:
        value = self.of.left
        if type != "any" and (self.how.strict or (type in PARSED and isinstance(value, str))):
            value = self._left(type)
        return value is None or value == "" or value == [] or value == {}

    def _list_holds(self, operator: str) -> bool:
        entries = self._left("list") or []
        if operator.startswith(_LENGTH):
            compared = operator.removeprefix(_LENGTH)
            right = self._right("number")
            return _COMPARE[compared[0].lower() + compared[1:]](len(entries), right)
        within = any(self._same(entry, self.of.right) for entry in entries)
        return within == (operator == "contains")

    def _values_hold(self, type: str, operator: str) -> bool:
        left, right = self._left(type), self._right(type)
        if type == "date" and (left is None or right is None):
            return False
        if type == "number" and not (isinstance(self.of.left, str) and isinstance(self.of.right, str)):
            # Data that went through an expression is a double already: two texts alone still have all their digits.
            left, right = (value if value is None else as_double(value) for value in (left, right))
        if type == "text":
            left, right = left or "", right or ""
        if operator in _COMPARE:
            return _COMPARE[operator](self._folded(left), self._folded(right))
        plain = operator.removeprefix("not")
        found = self._text_holds(plain[0].lower() + plain[1:], left, right)
        return found == (plain == operator)

    def _text_holds(self, operator: str, left: str, right: str) -> bool:
        if operator == "matches":
            return self._matches(right, left)
        left, right = self._folded(left), self._folded(right)
        if operator == "startsWith":
            return left.startswith(right)
        return left.endswith(right) if operator == "endsWith" else right in left

    def _folded(self, value: Any) -> Any:
        return value.lower() if self.how.ignore_case and isinstance(value, str) else value

    def _same(self, left: Any, right: Any) -> bool:
        return same(self._folded(left), self._folded(right))

    def _matches(self, pattern: str, text: str) -> bool:
        from stepweave.expressions.patterns import PatternError, matches

        try:
            return matches(pattern, text, ignore_case=self.how.ignore_case)
        except PatternError as error:
            details = {"field": self.how.field, "pattern": pattern[:200]}
            raise PatternInvalid(str(error), error.remedy, details=details) from None

    def _left(self, type: str) -> Any:
        return self._value(type, self.of.left)

    def _right(self, type: str) -> Any:
        return self._value(type, self.of.right)

    def _value(self, type: str, value: Any) -> Any:
        """Return a value read as a type; None stays None, and so does an empty text where it cannot be that type."""
        if value is None or (type != "text" and isinstance(value, str) and not value.strip()):
            return None
        if self.how.strict and not IS_OF[type](value):
            raise self._mismatch(type, value)
        found = read_moment(value, self.how.zone) if type == "date" else READ[type](value)
        if found is None:
            raise self._mismatch(type, value)
        return found

    def _mismatch(self, type: str, value: Any) -> ValueMismatch:
        hint = f" A date is {FORMS}" if type == "date" else ""
        if hint:
            hint += "." if self.how.strict else ", or milliseconds since 1970."
        if self.how.strict:
            hint += " Values of another type fail here."
        left, right = _shown(self.of.left), _shown(self.of.right)
        return ValueMismatch(
            f"{_shown(value)} is not a {type}, in: {left} {self.of.operator} {right}.{hint}",
            "Change the value or the condition's type"
            + (", let the node convert values" if self.how.strict else "")
            + ", or let the node go on after errors.",
            details={
                "field": self.how.field,
                "type": type,
                "operator": self.of.operator,
                "left": left,
                "right": right,
            },
        )


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
