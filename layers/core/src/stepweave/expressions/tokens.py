"""A tokenizer for JavaScript, as far as finding names, strings and the end of an expression needs one.

It knows strings, template literals with nested `${}`, comments, numbers and regular expressions (told from a division
by the token before), so that nothing inside them is taken for code.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
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


DEEPEST: Final = 40
"""Template literals inside template literals; nobody writes more than two."""
_SPACE: Final = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""JavaScript's white space and line ends (ECMA-262, WhiteSpace and LineTerminator)."""
_LINE_END: Final = r"\n\r\u2028\u2029"
_SKIP: Final = rf"(?:[{_SPACE}]|//[^{_LINE_END}]*|/\*[\s\S]*?\*/)+"
_ESCAPE: Final = r"\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\})"
_NAME: Final = rf"#?(?:[A-Za-z0-9_$]|{_ESCAPE}|(?![{_SPACE}])[\u0080-\U0010ffff])+"
_NUMBER: Final = r"0[xXoObB][0-9a-fA-F_]+n?|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?n?"
_STRING: Final = r"'(?:[^'\\\n\r]|\\[\s\S])*'|\"(?:[^\"\\\n\r]|\\[\s\S])*\""
_REGEX: Final = rf"/(?:[^/\\\[{_LINE_END}]|\\.|\[(?:[^\]\\{_LINE_END}]|\\.)*\])+/[a-z]*"
_pattern: Final = cache(re.compile)
"""Compiled when first needed: a cold start pays for each."""
_DIGITS: Final = frozenset("0123456789")
_BEFORE_REGEX: Final = frozenset(
    "return typeof instanceof in of new delete void throw case do else await yield".split()  # noqa: SIM905  # one line
)
_CLOSERS: Final = (")", "]", "}")
_WHOLE: Final = ("...", "=>")
"""Told from their first character, as they say what follows them."""


def tokens(source: str, start: int = 0, depth: int = 0) -> Iterator[Token]:
    """Yield the tokens of `source` from `start` on, `depth` template literals deep.

    Raises:
        Unreadable: a token breaks off.
    """
    position, before = start, None
    while True:
        skipped = _pattern(_SKIP).match(source, position)
        position = skipped.end() if skipped else position
        if position >= len(source):
            return
        token = _token(source, position, before, depth)
        yield token
        before, position = token, token.end


def _token(source: str, position: int, before: Token | None, depth: int) -> Token:
    first = source[position]
    if first in "'\"":
        return _matched(_STRING, Kind.STRING, source, position, "a string does not end")
    if first == "`":
        return Token(Kind.TEMPLATE, source[position : _template_end(source, position, depth)], position)
    if first in _DIGITS or (first == "." and source[position + 1 : position + 2] in _DIGITS):
        return _matched(_NUMBER, Kind.NUMBER, source, position, "a number cannot be read")
    name = _pattern(_NAME).match(source, position)
    if name is not None:
        return Token(Kind.NAME, name.group(), position)
    if first == "/":
        if source.startswith("/*", position):
            raise Unreadable("a comment does not end", position)
        if _may_start_regex(before):
            return _matched(_REGEX, Kind.REGEX, source, position, "a regular expression does not end")
    return Token(Kind.PUNCTUATION, _punctuation(source, position), position)


def _matched(pattern: str, kind: Kind, source: str, position: int, otherwise: str) -> Token:
    found = _pattern(pattern).match(source, position)
    if found is None:
        raise Unreadable(otherwise, position)
    return Token(kind, found.group(), position)


def _punctuation(source: str, position: int) -> str:
    if source.startswith("?.", position) and source[position + 2 : position + 3] not in _DIGITS:
        return "?."
    for whole in _WHOLE:
        if source.startswith(whole, position):
            return whole
    return source[position]


def _may_start_regex(before: Token | None) -> bool:
    if before is None:
        return True
    if before.kind is Kind.PUNCTUATION:
        return before.text not in _CLOSERS
    return before.kind is Kind.NAME and before.text in _BEFORE_REGEX


def _template_end(source: str, start: int, depth: int) -> int:
    position = start + 1
    while position < len(source):
        if source[position] == "\\":
            position += 2
        elif source[position] == "`":
            return position + 1
        elif source.startswith("${", position):
            position = _closing_brace(source, position + 2, start, depth + 1)
        else:
            position += 1
    raise Unreadable("a template literal does not end", start)


def _closing_brace(source: str, position: int, start: int, depth: int) -> int:
    if depth > DEEPEST:
        raise Unreadable("template literals are nested too deeply", start)
    open_braces = 1
    for token in tokens(source, position, depth):
        if token.kind is Kind.PUNCTUATION:
            open_braces += {"{": 1, "}": -1}.get(token.text, 0)
        if open_braces == 0:
            return token.end
    raise Unreadable("a template literal does not end", start)


def template_expressions(token: Token) -> Iterator[str]:
    """Yield the sources of the `${...}` inside a template literal's token."""
    position = 1
    while position < len(token.text):
        if token.text[position] == "\\":
            position += 2
        elif token.text.startswith("${", position):
            end = _closing_brace(token.text, position + 2, 0, 0)
            yield token.text[position + 2 : end - 1]
            position = end
        else:
            position += 1


def is_member(found: list[Token], index: int) -> bool:
    """Whether the name at `index` is a property's (`x.name`), so no name of ours."""
    return index > 0 and found[index - 1].text in (".", "?.") and found[index - 1].kind is Kind.PUNCTUATION
