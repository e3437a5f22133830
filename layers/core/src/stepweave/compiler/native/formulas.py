"""Formulas (`stepweave.expressions.formulas`) as JSONata: sums, comparisons, joined texts and `$now`.

JavaScript's operators mean what the types of their values make of them. So each formula has one kind here, found from
its literals, and the paths in it come with the conditions under which they have the types that this kind needs; under
others (a text where a number is expected, a number beyond 2**53) the node's function decides. The arithmetic is that
of doubles in both worlds, as long as every result stays an exact one: each is asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final, Literal

from stepweave.compiler.literals import quoted
from stepweave.compiler.native import values
from stepweave.expressions.formulas import Binary, Choice, Formula, Joined, Moment, Unary, Value
from stepweave.expressions.paths import Path
from stepweave.model.numbers import NotFinite, NotShortest, double, number_text

Kind = Literal["number", "text", "boolean"]
_ORDER: Final = frozenset(("<", ">", "<=", ">="))
_EQUALITY: Final = {"===": True, "==": True, "!==": False, "!=": False}
_SMALLEST_DIVISOR: Final = "0.000001"
"""Below it a quotient of exact numbers could be larger than any double, which JSONata makes an error."""
_WHOLE: Final = "1000000000000000"
"""Whole numbers below it are written with the same digits everywhere; JSONata rounds to 15 (its `$string`)."""
_NUMBER_CHARACTERS: Final = 25
"""At most, of a double's shortest digits with sign, point and exponent."""
_BOOLEAN_CHARACTERS: Final = 5
_NOW_CHARACTERS: Final = 32


class Unknown(Exception):
    """A formula whose kind cannot be told, or that JSONata would not surely compute alike."""


@dataclass(frozen=True)
class Lowered:
    """A formula as JSONata, relative to an item.

    Attributes:
        kind: what it gives where nothing is wrong.
        source: JSONata of its value.
        wrong: conditions under which it is not the engine's value; each is a boolean whatever there is.
        reads: JSONata of the texts that are copied into it.
        characters: that it has at most, besides those.
        numbers: the paths that must be numbers, and exact ones, before anything can be computed.
        checks: conditions under which its arithmetic is not exact; an error unless `numbers` are numbers.
    """

    kind: Kind
    source: str
    wrong: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    characters: int = 0
    numbers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    def every_wrong(self) -> tuple[str, ...]:
        """Return all conditions under which it cannot be used, fit for any data."""
        if not self.numbers and not self.checks:
            return self.wrong
        # Nested, not joined by `or`: engines differ in whether they go on after what decides.
        paths = dict.fromkeys(self.numbers)
        *before, asked = (*(f"$abs({path})>={values.LARGEST}" for path in paths), *self.checks)
        for check in reversed(before):
            asked = f"({check}?true:{asked})"
        for path in paths:
            asked = f'($type({path})="number"?{asked}:true)'
        return (*self.wrong, asked)


def lowered(formula: Formula) -> Lowered:
    """Return a formula as JSONata.

    Raises:
        Unknown: it cannot be had for sure.
    """
    kind = _kind(formula)
    if kind is None:
        raise Unknown
    return _as(kind, formula)


def text_of(formula: Formula) -> Lowered:
    """Return what stands for a formula inside a longer text: nothing for null and undefined.

    Raises:
        Unknown: it cannot be had for sure.
    """
    if isinstance(formula, Path):
        read = _read(formula)
        scalar = values.not_one_of(read.source, "string", "number", "boolean", "null", "missing")
        source = f'($exists({read.source})?({read.source}=null?"":$string({read.source})):"")'
        return _text(source, (*read.wrong, scalar, _not_whole(read.source)), (read.source,))
    return _joined_part(formula)


def joined(parts: Iterable[Lowered]) -> Lowered:
    """Return texts one after another as one."""
    return reduce(lambda before, after: _both("text", f"({before.source}&{after.source})", before, after), parts)


def constant_text(text: str) -> Lowered:
    """Return a literal text.

    Raises:
        Unknown: engines do not see it alike.
    """
    if not values.is_text(text):
        raise Unknown
    return Lowered("text", quoted(text), characters=len(quoted(text)))


def _kind(formula: Formula) -> Kind | None:
    """Return a formula's kind as far as its literals and operators tell; None for what may be anything."""
    match formula:
        case Value(value):
            return "boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
        case Joined() | Moment():
            return "text"
        case Unary(operator):
            return "boolean" if operator == "!" else "number"
        case Binary("+", left, right):
            return _sum_kind(_kind(left), _kind(right))
        case Binary(operator):
            return "number" if operator in "-*/" else "boolean"
        case Choice(_, then, otherwise):
            kinds = {_kind(then), _kind(otherwise)} - {None}
            return kinds.pop() if len(kinds) == 1 else None
    return None


def _sum_kind(left: Kind | None, right: Kind | None) -> Kind | None:
    if "text" in (left, right):
        return "text"
    # Of two paths, numbers are what most sums are of; anything else is left to the function, at run time.
    return "number" if {left, right} <= {"number", None} else None


def _as(kind: Kind, formula: Formula) -> Lowered:
    """Return a formula that has a kind, or as if a path had it."""
    if isinstance(formula, Path):
        return _path(kind, formula)
    if _kind(formula) != kind:
        raise Unknown
    return _MAKERS[type(formula)](kind, formula)


def _path(kind: Kind, formula: Path) -> Lowered:
    read = _read(formula)
    if kind == "number":
        return Lowered(kind, read.source, read.wrong, (), _NUMBER_CHARACTERS, (read.source,))
    wrong = (*read.wrong, values.not_one_of(read.source, values.JSONATA_TYPES[kind]))
    if kind == "boolean":
        return Lowered(kind, read.source, wrong, (), _BOOLEAN_CHARACTERS)
    return _text(read.source, wrong, (read.source,))


def _value(kind: Kind, formula: Value) -> Lowered:
    if kind == "text":
        return constant_text(str(formula.value))
    literal = values.literal(formula.value)
    if literal is None:
        raise Unknown
    return Lowered(kind, literal, characters=len(literal))


def _moment(_: Kind, __: Moment) -> Lowered:
    """Return the time of the evaluation, where the workflow's zone writes it as JSONata does."""
    return Lowered("text", "$now()", ('$not($context.timeZone="UTC")',), (), _NOW_CHARACTERS)


def _unary(_: Kind, formula: Unary) -> Lowered:
    if formula.operator == "!":
        inner = _as("boolean", formula.operand)
        return _both("boolean", f"$not({inner.source})", inner)
    inner = _as("number", formula.operand)
    return _both("number", f"(0-{inner.source})", inner)


def _binary(kind: Kind, formula: Binary) -> Lowered:
    operator = formula.operator
    if kind == "text":
        return joined((_joined_part(formula.left), _joined_part(formula.right)))
    if kind == "number":
        return _arithmetic(formula)
    if operator in ("&&", "||"):
        left, right = _as("boolean", formula.left), _as("boolean", formula.right)
        return _both(kind, f"({left.source} {'and' if operator == '&&' else 'or'} {right.source})", left, right)
    return _comparison(formula)


def _arithmetic(formula: Binary) -> Lowered:
    left, right = _as("number", formula.left), _as("number", formula.right)
    source = f"({left.source}{formula.operator}{right.source})"
    checks: tuple[str, ...] = (f"$abs({source})>={values.LARGEST}",)
    if formula.operator == "/":
        # A divisor that is computed could be nothing by rounding alone.
        if not isinstance(formula.right, Path | Value):
            raise Unknown
        checks = (f"$abs({right.source})<{_SMALLEST_DIVISOR}", *checks)
    made = _both("number", source, left, right, checks=checks)
    return Lowered("number", source, made.wrong, (), _NUMBER_CHARACTERS, made.numbers, made.checks)


def _comparison(formula: Binary) -> Lowered:
    # JavaScript's order of texts is by UTF-16 units, JSONata's by code points or a locale: only numbers are ordered.
    kind = _kind(formula.left) or _kind(formula.right) or "number"
    left, right = _as(kind, formula.left), _as(kind, formula.right)
    if formula.operator in _ORDER:
        if kind != "number":
            raise Unknown
        return _both("boolean", f"({left.source}{formula.operator}{right.source})", left, right)
    same = f"({left.source}={right.source})"
    return _both("boolean", same if _EQUALITY[formula.operator] else f"$not{same}", left, right)


def _choice(kind: Kind, formula: Choice) -> Lowered:
    condition = _as("boolean", formula.condition)
    then, otherwise = _as(kind, formula.then), _as(kind, formula.otherwise)
    source = f"({condition.source}?{then.source}:{otherwise.source})"
    return _both(kind, source, condition, then, otherwise)


def _template(_: Kind, formula: Joined) -> Lowered:
    return joined(map(_joined_part, formula.parts))


def _joined_part(formula: Formula) -> Lowered:
    """Return what `+` makes of a formula beside a text, and `${}` of what is in it."""
    if isinstance(formula, Path):
        read = _read(formula)
        scalar = values.not_one_of(read.source, "string", "number", "boolean")
        return _text(f"$string({read.source})", (*read.wrong, scalar, _not_whole(read.source)), (read.source,))
    if isinstance(formula, Value) and not isinstance(formula.value, str):
        return constant_text(_written(formula.value))
    made = lowered(formula)
    if made.kind == "text":
        return made
    source = f"$string({made.source})"
    if made.kind == "boolean":
        return _both("text", source, made)
    return _both("text", source, made, checks=(_not_whole_number(made.source),))


def _written(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return number_text(double(value))
    except (NotFinite, NotShortest):
        raise Unknown from None


def _not_whole(source: str) -> str:
    return f'($type({source})="number"?{_not_whole_number(source)}:false)'


def _not_whole_number(source: str) -> str:
    return f"($abs({source})>={_WHOLE} or {source}!=$floor({source}))"


def _text(source: str, wrong: tuple[str, ...], reads: tuple[str, ...]) -> Lowered:
    return Lowered("text", source, wrong, reads)


def _both(kind: Kind, source: str, *parts: Lowered, checks: tuple[str, ...] = ()) -> Lowered:
    """Return a formula made of others."""
    return Lowered(
        kind,
        source,
        tuple(case for part in parts for case in part.wrong),
        tuple(read for part in parts for read in part.reads),
        sum(part.characters for part in parts),
        tuple(path for part in parts for path in part.numbers),
        tuple(check for part in parts for check in part.checks) + checks,
    )


def _read(path: Path) -> values.Read:
    read = values.read_of(path)
    if read is None:
        raise Unknown
    return read


_MAKERS: Final[dict[type, Callable[..., Lowered]]] = {
    Value: _value,
    Moment: _moment,
    Unary: _unary,
    Binary: _binary,
    Choice: _choice,
    Joined: _template,
}
