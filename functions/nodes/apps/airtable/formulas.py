"""Airtable's formulas, made of conditions: names and values are quoted, so that none can change what is asked."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from functions.nodes.apps.airtable.conditions import Condition
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def formula_of(conditions: list[Condition], combine: str, formula: str) -> str:
    """Return one formula of conditions, all or any of which must hold, and of one that is given besides.

    Raises:
        ParameterInvalid: a value does not fit its condition.
    """
    made = [_condition(index, one) for index, one in enumerate(conditions)]
    joined = made[0] if len(made) == 1 else f"{combine}({','.join(made)})" if made else ""
    return f"AND({joined},{formula.strip()})" if joined and formula.strip() else joined or formula.strip()


def name_of(field: str) -> str:
    """Return a field in a formula."""
    return "{" + field.replace("\\", "\\\\").replace("}", "\\}") + "}"


def quoted(text: str) -> str:
    """Return text in a formula."""
    return f'"{text.translate(_ESCAPES)}"'


def time_of(moment: datetime) -> str:
    """Return a moment in a formula."""
    return f"DATETIME_PARSE({quoted(moment.isoformat(timespec='milliseconds').replace('+00:00', 'Z'))})"


def _condition(index: int, condition: Condition) -> str:
    field, value = name_of(condition.field), condition.value
    if condition.operator in ("empty", "notEmpty"):
        # Not BLANK(), which 0 is, too.
        return f'{field}&""=""' if condition.operator == "empty" else f'NOT({field}&""="")'
    if isinstance(value, dict | list):
        raise _unfit(index, condition, "an object or a list", "Take a field of it")
    return _WRITTEN[condition.operator](field, value, index, condition)


_Write = Callable[[str, Any, int, Condition], str]


def _equal(field: str, value: Any, index: int, condition: Condition) -> str:
    if isinstance(value, bool):
        return f"{field}={'TRUE()' if value else 'FALSE()'}"
    if isinstance(value, int | float):
        return f"{field}={scalar_text(value)}"
    # As text on both sides: a number's field is equal to "5", too.
    return f'{field}&""={quoted(_text(value))}'


def _not_equal(field: str, value: Any, index: int, condition: Condition) -> str:
    return f"NOT({_equal(field, value, index, condition)})"


def _contains(field: str, value: Any, index: int, condition: Condition) -> str:
    return f'FIND(LOWER({quoted(_text(value))}),LOWER({field}&""))>0'


def _contains_not(field: str, value: Any, index: int, condition: Condition) -> str:
    return f"NOT({_contains(field, value, index, condition)})"


def _starts(field: str, value: Any, index: int, condition: Condition) -> str:
    return f'FIND(LOWER({quoted(_text(value))}),LOWER({field}&""))=1'


def _compared(sign: str) -> _Write:
    def write(field: str, value: Any, index: int, condition: Condition) -> str:
        try:
            number = Decimal(_text(value).strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise _unfit(index, condition, f"“{_text(value)[:80]}”, which is no number", "Write a number")
        return f'AND({field}&""!="",{field}{sign}{number:f})'  # an empty cell counts as 0

    return write


def _dated(function: str) -> _Write:
    def write(field: str, value: Any, index: int, condition: Condition) -> str:
        try:
            moment = datetime.fromisoformat(_text(value).strip().replace("Z", "+00:00"))
        except ValueError:
            raise _unfit(index, condition, f"“{_text(value)[:80]}”, which is no date", "Write 2026-12-31") from None
        return f"{function}({field},DATETIME_PARSE({quoted(moment.isoformat())}))"

    return write


_WRITTEN: Final[dict[str, _Write]] = {
    "equal": _equal,
    "notEqual": _not_equal,
    "contains": _contains,
    "notContains": _contains_not,
    "startsWith": _starts,
    "greater": _compared(">"),
    "greaterOrEqual": _compared(">="),
    "less": _compared("<"),
    "lessOrEqual": _compared("<="),
    "after": _dated("IS_AFTER"),
    "before": _dated("IS_BEFORE"),
}


def _text(value: Any) -> str:
    return "" if value is None else scalar_text(value)


def _unfit(index: int, condition: Condition, what: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(
        f"Where: the value for {condition.field} is {what}.",
        f"{remedy}, or choose another condition.",
        details={"field": f"params.where.{index}.value"},
    )
