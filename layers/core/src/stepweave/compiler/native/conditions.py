"""Conditions (`stepweave.spec.parts.Condition`) as JSONata: those that compare paths, formulas and literals.

What they mean is `stepweave.runtime.conditions`. Only what surely is the same is here; where a value has a type for
which it might not be, the condition says that it is `wrong`, and the node's function decides.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from stepweave.compiler.literals import quoted
from stepweave.compiler.native.operands import operand
from stepweave.compiler.native.values import JSONATA_TYPES, Constant, Read, is_text, not_one_of, number, too_large
from stepweave.model.numbers import data_text
from stepweave.spec.parts import OPERATORS

_UNARY: Final = frozenset(("exists", "notExists", "isEmpty", "isNotEmpty", "isTrue", "isFalse"))
_LAST_OF_ONE_UNIT: Final = "\uffff"
"""Behind it engines differ in how they count: JavaScript's JSONata in characters, Java's in UTF-16 units."""
_ORDER: Final = {"greater": ">", "greaterOrEqual": ">=", "less": "<", "lessOrEqual": "<="}


class Test(NamedTuple):
    """JSONata relative to an item.

    Attributes:
        holds: a boolean, and never an error, for items with which nothing is wrong.
        wrong: conditions under which the test is not the runtime's.
    """

    holds: str
    wrong: tuple[str, ...]


def test_of(params: Mapping[str, Any], *, ignore_case: bool) -> Test | None:
    """Return the test of a list `conditions` that `combine` joins; None where one of them cannot be had here."""
    conditions, combine = params.get("conditions"), params.get("combine", "and")
    if not isinstance(conditions, list) or not conditions or combine not in ("and", "or"):
        return None
    tests = []
    for condition in conditions:
        test = _test(condition, ignore_case) if isinstance(condition, Mapping) else None
        if test is None:
            return None
        tests.append(test)
    if len(tests) == 1:
        return tests[0]
    holds = f" {combine} ".join(f"({test.holds})" for test in tests)
    return Test(holds, tuple(case for test in tests for case in test.wrong))


def _test(condition: Mapping[str, Any], ignore_case: bool) -> Test | None:
    type, operator = condition.get("type", "text"), condition.get("operator", "equals")
    left, right = operand(condition.get("left")), operand(condition.get("right"))
    # The right value counts even where the operator does not look at it: evaluating it may fail.
    if not isinstance(left, Read) or right is None or operator not in OPERATORS.get(type, ()):
        return None
    if isinstance(right, Read) and operator not in _UNARY:
        found = _of_reads(left, type, operator, right, ignore_case)
    elif left.kind:
        found = _of_computed(left, type, operator, right, ignore_case)
    else:
        found = _of_one(left.source, operator, type)
        if found is None and isinstance(right, Constant):
            found = _of_two(left.source, type, operator, right.value, ignore_case)
    if found is None:
        return None
    asked = right.wrong if isinstance(right, Read) else ()
    return Test(found.holds, (*left.wrong, *asked, *found.wrong))


def _of_computed(left: Read, type: str, operator: str, right: Constant | Read, ignore_case: bool) -> Test | None:
    """Return the test of a computed value; what is asked of a path's type is known of it, and could not be asked."""
    if operator in ("isTrue", "isFalse") and left.kind == "boolean":
        return Test(f"{left.source}={'true' if operator == 'isTrue' else 'false'}", ())
    if left.kind != type or not isinstance(right, Constant):
        return None
    found = _of_two(left.source, type, operator, right.value, ignore_case)
    return Test(found.holds, ()) if found else None


def _of_reads(left: Read, type: str, operator: str, right: Read, ignore_case: bool) -> Test | None:
    """Return the test of an operator that compares two values of an item."""
    expected = JSONATA_TYPES.get(type)
    if expected is None or not {left.kind, right.kind} <= {"", type} or (ignore_case and type == "text"):
        return None
    wrong = [case for read in (left, right) if not read.kind for case in _not_comparable(read.source, expected)]
    is_left, is_right = (_has_type(read, expected) for read in (left, right))
    if operator in _ORDER:
        holds = f"({is_left}?({is_right}?{left.source}{_ORDER[operator]}{right.source}:false):false)"
        return Test(holds, tuple(wrong))
    if operator not in ("equals", "notEquals"):
        return None
    # Nothing equals nothing, and nothing else.
    same = f"({is_left}?({is_right}?{left.source}={right.source}:false):$not({is_right}))"
    return Test(same if operator == "equals" else f"$not{same}", tuple(wrong))


def _has_type(read: Read, expected: str) -> str:
    return "true" if read.kind else f'$type({read.source})="{expected}"'


def _not_comparable(source: str, expected: str) -> tuple[str, ...]:
    other = not_one_of(source, expected, "null", "missing")
    return (other, too_large(source)) if expected == "number" else (other,)


def _of_one(value: str, operator: str, type: str) -> Test | None:
    """Return the test of an operator that looks at one value only."""
    match operator:
        case "exists":
            return Test(f"{value}!=null", ())
        case "notExists":
            return Test(f"$not({value}!=null)", ())
        case "isTrue":
            return Test(f"{value}=true", (_not_boolean(value),))
        case "isFalse":
            return Test(f"{value}=false", (_not_boolean(value),))
        case "isEmpty" | "isNotEmpty":
            if type == "object":
                return None
            empty = f'($count({value})=0 or {value}="" or {value}=null)'
            return Test(empty if operator == "isEmpty" else f"$not{empty}", (f'$type({value})="object"',))
    return None


def _of_two(value: str, type: str, operator: str, right: Any, ignore_case: bool) -> Test | None:
    """Return the test of an operator that compares with a literal."""
    compare = _COMPARE.get(type)
    if right is None or compare is None or (ignore_case and type not in ("number", "boolean")):
        return None
    return compare(value, operator, right)


def _number(value: str, operator: str, right: Any) -> Test | None:
    text = number(right)
    if text is None:
        return None
    wrong = (not_one_of(value, "number", "null", "missing"),)
    if operator in _ORDER:
        return Test(f'$type({value})="number"?{value}{_ORDER[operator]}{text}:false', wrong)
    return _equality(value, operator, text, wrong)


def _text(value: str, operator: str, right: Any) -> Test | None:
    text = data_text(right)
    if not is_text(text) or not text:
        return None
    literal = quoted(text)
    nothing_else = (not_one_of(value, "string", "null", "missing"),)
    match operator:
        case "equals" | "notEquals":
            return _equality(value, operator, literal, nothing_else)
        case "contains" | "notContains":
            within = f'($type({value})="string"?$contains({value},{literal}):false)'
            return Test(within if operator == "contains" else f"$not{within}", nothing_else)
        case "startsWith" | "endsWith" if max(text) > _LAST_OF_ONE_UNIT:
            return None
        case "startsWith":
            part = f"$substring({value},0,{len(text)})"
        case "endsWith":
            part = f"$substring({value},{-len(text)})"
        case _:
            return None
    return Test(f'$type({value})="string"?{part}={literal}:false', nothing_else)


def _boolean(value: str, operator: str, right: Any) -> Test | None:
    if isinstance(right, str):
        right = {"true": True, "false": False}.get(right.strip().lower())
    if not isinstance(right, bool):
        return None
    return _equality(value, operator, quoted(right), (_not_boolean(value),))


def _list(value: str, operator: str, right: Any) -> Test | None:
    if not is_text(right):
        return None
    within = f"({quoted(right)} in {value})"
    wrong = (not_one_of(value, "array", "null", "missing"),)
    return Test(within if operator == "contains" else f"$not{within}", wrong)


def _any(value: str, operator: str, right: Any) -> Test | None:
    text = number(right) if isinstance(right, int | float) and not isinstance(right, bool) else None
    if isinstance(right, bool) or is_text(right):
        text = quoted(right)
    if text is None:
        return None
    return _equality(value, operator, text, (f'$type({value}) in ["array","object"]',))


def _equality(value: str, operator: str, literal: str, wrong: Sequence[str]) -> Test:
    # `!=` with nothing on one side is false, hence `$not`.
    return Test(f"{value}={literal}" if operator == "equals" else f"$not({value}={literal})", tuple(wrong))


def _not_boolean(value: str) -> str:
    return not_one_of(value, "boolean", "null", "missing")


_COMPARE: Final[Mapping[str, Callable[[str, str, Any], Test | None]]] = {
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "list": _list,
    "any": _any,
}
