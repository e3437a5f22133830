"""A tokenizer for JavaScript, as far as finding names, strings and the end of an expression needs one.

It knows strings, template literals with nested `${}`, comments, numbers and regular expressions (told from a division
by the token before), so that nothing inside them is taken for code.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    TEMPLATE = "template"
    REGEX = "regex"
    PUNCTUATION = "punctuation"


class Token(NamedTuple):
    """A token, its source text and its offset."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


class Unreadable(ValueError):
    """The text breaks off inside a string, comment, template or regular expression at `position`."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


_SKIP: Final = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME: Final = re.compile(r"[\w$\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*")
_NUMBER: Final = re.compile(r"0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?")
_STRING: Final = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_REGEX: Final = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_REGEX: Final = frozenset(
    (
        "return",
        "typeof",
        "instanceof",
        "in",
        "of",
        "new",
        "delete",
        "void",
        "throw",
        "case",
        "do",
        "else",
        "await",
        "yield",
    )
)
_CLOSERS: Final = (")", "]", "}")


def tokens(source: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of `source` from `start` on. Raises Unreadable where one breaks off."""
    position, before = start, None
    while True:
        skipped = _SKIP.match(source, position)
        position = skipped.end() if skipped else position
        if position >= len(source):
            return
        token = _token(source, position, before)
        yield token
        before, position = token, token.end


def _token(source: str, position: int, before: Token | None) -> Token:
    first = source[position]
    if first in "'\"":
        return _matched(_STRING, Kind.STRING, source, position, "a string does not end")
    if first == "`":
        return Token(Kind.TEMPLATE, source[position : _template_end(source, position)], position)
    if first.isdigit() or (first == "." and source[position + 1 : position + 2].isdigit()):
        return _matched(_NUMBER, Kind.NUMBER, source, position, "a number cannot be read")
    if _NAME.match(first):
        return _matched(_NAME, Kind.NAME, source, position, "a name cannot be read")
    if first == "/":
        if source.startswith("/*", position):
            raise Unreadable("a comment does not end", position)
        if _may_start_regex(before):
            return _matched(_REGEX, Kind.REGEX, source, position, "a regular expression does not end")
    length = 2 if source.startswith("?.", position) and not source[position + 2 : position + 3].isdigit() else 1
    return Token(Kind.PUNCTUATION, source[position : position + length], position)


def _matched(pattern: re.Pattern[str], kind: Kind, source: str, position: int, otherwise: str) -> Token:
    found = pattern.match(source, position)
    if found is None:
        raise Unreadable(otherwise, position)
    return Token(kind, found.group(), position)


def _may_start_regex(before: Token | None) -> bool:
    if before is None:
        return True
    if before.kind is Kind.PUNCTUATION:
        return before.text not in _CLOSERS
    return before.kind is Kind.NAME and before.text in _BEFORE_REGEX


def _template_end(source: str, start: int) -> int:
    position = start + 1
    while position < len(source):
        if source[position] == "\\":
            position += 2
        elif source[position] == "`":
            return position + 1
        elif source.startswith("${", position):
            position = _closing_brace(source, position + 2, start)
        else:
            position += 1
    raise Unreadable("a template literal does not end", start)


def _closing_brace(source: str, position: int, start: int) -> int:
    depth = 1
    for token in tokens(source, position):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind is Kind.PUNCTUATION else 0
        if depth == 0:
            return token.end
    raise Unreadable("a template literal does not end", start)


def template_expressions(token: Token) -> Iterator[str]:
    """Yield the sources of the `${...}` inside a template literal's token."""
    position = 1
    while position < len(token.text):
        if token.text[position] == "\\":
            position += 2
        elif token.text.startswith("${", position):
            end = _closing_brace(token.text, position + 2, 0)
            yield token.text[position + 2 : end - 1]
            position = end
        else:
            position += 1
