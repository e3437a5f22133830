"""Reads the small part of JavaScript that a state of the machine can compute: sums, comparisons, joined texts.

A formula is a tree of literals, plain paths (`paths.parse_path`), `+ - * /`, comparisons, `&& || !`, `?:` and template
literals. Whatever else an expression holds (calls, indexing by a variable, regular expressions) makes it none: the
engine evaluates those. What operators mean is told where the tree is used.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from stepweave.expressions.literals import string
from stepweave.expressions.paths import Literal, Path, parse_path
from stepweave.expressions.tokens import Kind, Token, Unreadable, tokens


class Value(NamedTuple):
    """A literal: a text, a number or a boolean."""

    value: Any


class Unary(NamedTuple):
    """`-x` or `!x`."""

    operator: str
    operand: "Formula"


class Binary(NamedTuple):
    """Two formulas and the operator between them."""

    operator: str
    left: "Formula"
    right: "Formula"


class Choice(NamedTuple):
    """`condition ? then : otherwise`."""

    condition: "Formula"
    then: "Formula"
    otherwise: "Formula"


class Joined(NamedTuple):
    """A template literal: its texts and what stands in `${}`, in order."""

    parts: "tuple[Formula, ...]"


class Moment(NamedTuple):
    """`$now` as ISO 8601 text."""


Formula = Value | Path | Unary | Binary | Choice | Joined | Moment
MOST_OPERATORS: Final = 12
"""In one formula; with more, what must be asked of the data is longer than what it computes."""
_BINDING: Final = {
    "||": 1,
    "&&": 2,
    "===": 3,
    "!==": 3,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
"""Operators, those that bind more tightly with the higher number (ECMA-262, "Binary Logical Operators" and above)."""
_OTHER_OPERATORS: Final = frozenset(
    ("**", "++", "--", "??", "<<", ">>", ">>>", "&", "|", "^", "%", "=", "+=", "-=", "*=", "/=", "?.", "=>")
)
_LONGEST_OPERATOR: Final = 3
_ISO_NOW: Final = (".", "toISO", "(", ")")


class _None(Exception):
    """The expression is no formula."""


@lru_cache(maxsize=4096)
def parse_formula(source: str) -> Formula | None:
    """Return the formula that `source` is, or None where it is something else."""
    try:
        reader = _Reader(source, list(tokens(source)))
        formula = reader.choice()
        reader.end()
    except (_None, Unreadable, RecursionError):
        return None
    return formula


class _Reader:
    def __init__(self, source: str, found: list[Token]) -> None:
        self._source = source
        self._tokens = found
        self._at = 0
        self._operators = 0

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _None

    def choice(self) -> Formula:
        condition = self._binary(1)
        if not self._take("?"):
            return condition
        then = self.choice()
        if not self._take(":"):
            raise _None
        return Choice(condition, then, self.choice())

    def _binary(self, least: int) -> Formula:
        left = self._unary()
        while (operator := self._operator()) and _BINDING.get(operator, 0) >= least:
            self._at += len(operator)
            # One that binds as tightly belongs to the left: a - b - c is (a - b) - c.
            left = Binary(operator, left, self._binary(_BINDING[operator] + 1))
            self._count()
        return left

    def _unary(self) -> Formula:
        if self._operator() in ("-", "!"):
            operator = self._next().text
            self._count()
            return Unary(operator, self._unary())
        return self._primary()

    def _primary(self) -> Formula:
        token = self._next()
        if token.text == "(":
            inner = self.choice()
            if not self._take(")"):
                raise _None
            return inner
        if token.kind is Kind.NUMBER:
            return Value(_number(token.text))
        if token.kind is Kind.TEMPLATE and "${" in token.text:
            return Joined(tuple(_joined(token)))
        text = string(token)
        if text is not None:
            return Value(text)
        if token.kind is not Kind.NAME:
            raise _None
        if token.text in ("true", "false"):
            return Value(token.text == "true")
        return self._path(token)

    def _path(self, first: Token) -> Formula:
        """Read as far as a path goes; a call behind it makes it none."""
        if first.text == "$now" and self._texts(len(_ISO_NOW)) == _ISO_NOW:
            self._at += len(_ISO_NOW)
            return Moment()
        end = first.end
        while following := self._texts(1):
            if following[0] in (".", "?."):
                end = self._skip(2)
            elif following[0] == "[" and self._texts(3)[2:] == ("]",):
                end = self._skip(3)
            else:
                break
        if self._texts(1) == ("(",):
            raise _None
        found = parse_path(self._source[first.start : end])
        if found is None or isinstance(found, Literal):
            raise _None
        return Moment() if found.root == "$now" and not found.steps else found

    def _operator(self) -> str:
        """Return the operator that stands next, the longest that its characters make; empty where none does."""
        text, end = "", 0
        for token in self._tokens[self._at : self._at + _LONGEST_OPERATOR]:
            if token.kind is not Kind.PUNCTUATION or (text and token.start != end):
                break
            longer, end = text + token.text, token.end
            if longer not in _BINDING and longer not in _OTHER_OPERATORS and longer != "!":
                break
            text = longer
        return text

    def _count(self) -> None:
        self._operators += 1
        if self._operators > MOST_OPERATORS:
            raise _None

    def _take(self, text: str) -> bool:
        if self._texts(1) != (text,):
            return False
        self._at += 1
        return True

    def _texts(self, count: int) -> tuple[str, ...]:
        return tuple(token.text for token in self._tokens[self._at : self._at + count])

    def _skip(self, count: int) -> int:
        self._at += count
        if self._at > len(self._tokens):
            raise _None
        return self._tokens[self._at - 1].end

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise _None
        self._at += 1
        return self._tokens[self._at - 1]


def _number(text: str) -> int | float:
    """Return a decimal literal's value: digits, and perhaps a fraction."""
    whole, point, fraction = text.partition(".")
    plain = whole.isdecimal() and whole.isascii() and (str(int(whole)) == whole)
    if not plain or (point and not (fraction.isdecimal() and fraction.isascii())):
        raise _None
    return float(text) if point else int(whole)


def _joined(token: Token) -> list[Formula]:
    """Return the parts of a template literal; its texts without escapes only."""
    from stepweave.expressions.tokens import template_expressions

    parts: list[Formula] = []
    position = 1
    for inner in template_expressions(token):
        opened = token.text.index("${", position)
        parts.append(Value(_plain(token.text[position:opened])))
        formula = parse_formula(inner)
        if formula is None:
            raise _None
        parts.append(formula)
        position = opened + len("${") + len(inner) + 1
    parts.append(Value(_plain(token.text[position:-1])))
    return [part for part in parts if part != Value("")] or [Value("")]


def _plain(text: str) -> str:
    if "\\" in text or "\r" in text:
        raise _None
    return text
