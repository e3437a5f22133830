"""Conditions (`stepweave.spec.conditions.Condition`) as JSONata: those that compare paths, formulas and literals.

What they mean is `stepweave.runtime.conditions`. Only what surely is the same is here; where a value has a type for
which it might not be, the condition says that it is `wrong`, and the node's function decides.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from stepweave.compiler.literals import quoted
from stepweave.compiler.native.operands import operand
from stepweave.compiler.native.values import JSONATA_TYPES, Constant, Read, is_text, not_one_of, number, too_large
from stepweave.model.numbers import data_text
from stepweave.spec.conditions import GROUP, OPERATORS, UNARY

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


class How(NamedTuple):
    """How conditions compare: as the node's `ignoreCase` and `typeValidation` say."""

    ignore_case: bool
    strict: bool


def how_of(params: Mapping[str, Any]) -> How | None:
    """Return how a node's conditions compare; None where its parameters do not say what they may."""
    ignore_case, validation = params.get("ignoreCase", False), params.get("typeValidation", "loose")
    known = isinstance(ignore_case, bool) and validation in ("loose", "strict")
    return How(ignore_case, validation == "strict") if known else None


def test_of(params: Mapping[str, Any], how: How) -> Test | None:
    """Return the test of a list `conditions` that `combine` joins; None where one of them cannot be had here."""
    conditions, combine = params.get("conditions"), params.get("combine", "and")
    if not isinstance(conditions, list) or not conditions or combine not in ("and", "or"):
        return None
    tests = []
    for condition in conditions:
        test = _of_any_type(condition, how) if isinstance(condition, Mapping) else None
        if test is None:
            return None
        tests.append(test)
    if len(tests) == 1:
        return tests[0]
    holds = f" {combine} ".join(f"({test.holds})" for test in tests)
    return Test(holds, tuple(case for test in tests for case in test.wrong))


def _of_any_type(condition: Mapping[str, Any], how: How) -> Test | None:
    if condition.get("type") != GROUP:
        return None if "conditions" in condition or "combine" in condition else _test(condition, how)
    # Only what a group has: the values of others are evaluated, and may fail.
    plain = condition.keys() <= {"type", "combine", "conditions"}
    within = condition.get("conditions")
    if not plain or not isinstance(within, list) or any(_is_group(one) for one in within):
        return None
    return test_of(condition, how)


def _is_group(condition: Any) -> bool:
    return isinstance(condition, Mapping) and condition.get("type") == GROUP


def _test(condition: Mapping[str, Any], how: How) -> Test | None:
    type, operator = condition.get("type", "text"), condition.get("operator", "equals")
    left, right = operand(condition.get("left")), operand(condition.get("right"))
    # The right value counts even where the operator does not look at it: evaluating it may fail.
    if not isinstance(left, Read) or right is None or operator not in OPERATORS.get(type, ()):
        return None
    if isinstance(right, Read) and operator not in UNARY:
        found = _of_reads(left, type, operator, right, how)
    elif left.kind:
        found = _of_computed(left, type, operator, right, how)
    else:
        found = _of_one(left.source, operator, type, how)
        if found is None and isinstance(right, Constant):
            found = _of_two(left.source, type, operator, right.value, how)
    if found is None:
        return None
    asked = right.wrong if isinstance(right, Read) else ()
    return Test(found.holds, (*left.wrong, *asked, *found.wrong))


def _of_computed(left: Read, type: str, operator: str, right: Constant | Read, how: How) -> Test | None:
    """Return the test of a computed value; what is asked of a path's type is known of it, and could not be asked."""
    if operator in ("isTrue", "isFalse") and left.kind == "boolean":
        return Test(f"{left.source}={'true' if operator == 'isTrue' else 'false'}", ())
    if operator in UNARY or left.kind != type or not isinstance(right, Constant):
        return None
    found = _of_two(left.source, type, operator, right.value, how)
    return Test(found.holds, ()) if found else None


def _of_reads(left: Read, type: str, operator: str, right: Read, how: How) -> Test | None:
    """Return the test of an operator that compares two values of an item."""
    expected = JSONATA_TYPES.get(type)
    if expected is None or not {left.kind, right.kind} <= {"", type} or (how.ignore_case and type == "text"):
        return None
    wrong = [case for read in (left, right) if not read.kind for case in _not_comparable(read.source, expected)]
    is_left, is_right = (_has_type(read, expected) for read in (left, right))
    if operator in _ORDER:
        holds = f"({is_left}?({is_right}?{left.source}{_ORDER[operator]}{right.source}:false):false)"
        return Test(holds, tuple(wrong))
    if operator not in ("equals", "notEquals"):
        return None
    if type == "text":
        # Nothing is the empty text.
        texts = [f'({has}?{read.source}:"")' for has, read in ((is_left, left), (is_right, right))]
        same = f"({texts[0]}={texts[1]})"
        return Test(same if operator == "equals" else f"$not{same}", tuple(wrong))
    # Nothing equals nothing, and nothing else.
    same = f"({is_left}?({is_right}?{left.source}={right.source}:false):$not({is_right}))"
    return Test(same if operator == "equals" else f"$not{same}", tuple(wrong))


def _has_type(read: Read, expected: str) -> str:
    return "true" if read.kind else f'$type({read.source})="{expected}"'


def _not_comparable(source: str, expected: str) -> tuple[str, ...]:
    other = not_one_of(source, expected, "null", "missing")
    return (other, too_large(source)) if expected == "number" else (other,)


def _of_one(value: str, operator: str, type: str, how: How) -> Test | None:
    """Return the test of an operator that looks at one value only."""
    match operator:
        case "exists":
            return Test(f"{value}!=null", ())
        case "notExists":
            return Test(f"$not({value}!=null)", ())
        case "isTrue":
            return Test(f"{value}=true", (_not_boolean(value),))
        case "isFalse":
            return Test(f"$not({value}=true)", (_not_boolean(value),))
        case "isEmpty" | "isNotEmpty":
            expected = _EXPECTED.get(type)
            # What is not a list may be the text of one, and an object's JSONata knows no emptiness.
            if type in ("object", "date") or (how.strict and type != "any" and expected is None):
                return None
            wrong = [f'$type({value})="object"']
            if expected and (how.strict or type == "list"):
                wrong.append(not_one_of(value, expected, "null", "missing"))
            empty = f'($count({value})=0 or {value}="" or {value}=null)'
            return Test(empty if operator == "isEmpty" else f"$not{empty}", tuple(wrong))
    return None


def _of_two(value: str, type: str, operator: str, right: Any, how: How) -> Test | None:
    """Return the test of an operator that compares with a literal."""
    compare = _COMPARE.get(type)
    if right is None or compare is None or (how.ignore_case and type not in ("number", "boolean")):
        return None
    if how.strict and not _HAS_TYPE["number" if operator.startswith("length") else type](right):
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
        case "startsWith" | "notStartsWith" | "endsWith" | "notEndsWith" if max(text) > _LAST_OF_ONE_UNIT:
            return None
        case "startsWith" | "notStartsWith":
            part = f"$substring({value},0,{len(text)})"
        case "endsWith" | "notEndsWith":
            part = f"$substring({value},{-len(text)})"
        case _:
            return None
    found = f'($type({value})="string"?{part}={literal}:false)'
    return Test(f"$not{found}" if operator.startswith("not") else found, nothing_else)


def _boolean(value: str, operator: str, right: Any) -> Test | None:
    if isinstance(right, str):
        right = {"true": True, "false": False}.get(right.strip().lower())
    if not isinstance(right, bool):
        return None
    return _equality(value, operator, quoted(right), (_not_boolean(value),))


def _list(value: str, operator: str, right: Any) -> Test | None:
    if operator.startswith("length"):
        return _length(value, operator, right)
    if not is_text(right):
        return None
    within = f"({quoted(right)} in {value})"
    wrong = (not_one_of(value, "array", "null", "missing"),)
    return Test(within if operator == "contains" else f"$not{within}", wrong)


def _length(value: str, operator: str, right: Any) -> Test | None:
    text = number(right)
    if text is None:
        return None
    wrong = (not_one_of(value, "array", "null", "missing"),)
    compared = operator.removeprefix("length")
    compared = compared[0].lower() + compared[1:]
    # Of null JSONata counts one; it is nothing here.
    count = f'($type({value})="array"?$count({value}):0)'
    if compared in _ORDER:
        return Test(f"{count}{_ORDER[compared]}{text}", wrong)
    return _equality(count, compared, text, wrong)


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
_EXPECTED: Final[Mapping[str, str]] = {**JSONATA_TYPES, "list": "array"}
"""JSONata's name of a type whose values are here as they are."""
_HAS_TYPE: Final[Mapping[str, Callable[[Any], bool]]] = {
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: True,
    "any": lambda value: True,
}
"""Whether a literal has a type as it is."""
