"""Templates: text with `{{ ... }}` in it, taken apart once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from stepweave.expressions.errors import ExpressionSyntax

OPEN: Final = "{{"
CLOSE: Final = "}}"
_CLOSED_BY: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSERS: Final = frozenset(_CLOSED_BY.values())


class Expression(NamedTuple):
    """The source between the braces, and where it starts in the text."""

    source: str
    start: int


class Template(NamedTuple):
    """The parts of a text, in order."""

    parts: tuple[str | Expression, ...]

    @property
    def single(self) -> Expression | None:
        """The one expression of a text that is nothing else (but white space around it): it keeps its type."""
        found = [part for part in self.parts if isinstance(part, Expression)]
        around = all(isinstance(part, Expression) or not part.strip() for part in self.parts)
        return found[0] if len(found) == 1 and around else None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All its expressions, in order."""
        return tuple(part for part in self.parts if isinstance(part, Expression))


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Template:
    """Take a text apart. Raises ExpressionSyntax where `{{` is not closed by `}}` or holds nothing."""
    parts: list[str | Expression] = []
    position = 0
    while (opened := text.find(OPEN, position)) >= 0:
        if opened > position:
            parts.append(text[position:opened])
        end = _end(text, opened)
        source = text[opened + 2 : end]
        if not source.strip():
            raise ExpressionSyntax("The expression is empty.", position=opened, expression=source)
        parts.append(Expression(source, opened + 2))
        position = end + 2
    if position < len(text):
        parts.append(text[position:])
    return Template(tuple(parts))


def _end(text: str, opened: int) -> int:
    """Return where the `}}` stands that closes the `{{` at `opened`: the first outside brackets and strings."""
    from stepweave.expressions.tokens import Kind, Unreadable, tokens

    inside: list[str] = []
    try:
        for token in tokens(text, opened + 2):
            if token.kind is not Kind.PUNCTUATION:
                continue
            if token.text in _CLOSED_BY:
                inside.append(_CLOSED_BY[token.text])
            elif token.text == "}" and not inside and text.startswith(CLOSE, token.start):
                return token.start
            elif token.text in _CLOSERS and (not inside or inside.pop() != token.text):
                raise ExpressionSyntax(
                    f"In the expression nothing is open that this {token.text} could close.",
                    position=token.start,
                    expression=text[opened:],
                )
    except Unreadable as error:
        raise ExpressionSyntax(
            f"In the expression {error}.", position=error.position, expression=text[opened:]
        ) from None
    raise ExpressionSyntax(
        "An expression opened with {{ is not closed with }}.", position=opened, expression=text[opened:]
    )


def contains_expression(value: Any) -> bool:
    """Whether any string of a JSON value holds `{{`."""
    if isinstance(value, str):
        return OPEN in value
    if isinstance(value, Mapping):
        return any(contains_expression(entry) for entry in value.values())
    if isinstance(value, list):
        return any(contains_expression(entry) for entry in value)
    return False


def texts(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return (dotted path, text) of every string of a JSON value that holds `{{`."""
    if isinstance(value, str):
        return [(path, value)] if OPEN in value else []
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    return [found for key, entry in entries for found in texts(entry, f"{path}.{key}" if path else str(key))]
