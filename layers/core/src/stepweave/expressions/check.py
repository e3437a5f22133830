"""What is wrong with the expressions of a node, without running them."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.templates import Expression, parse_template, texts

NAMES: Final = frozenset(
    (
        "$", "$node", "$json", "$binary", "$input", "$items", "$itemIndex", "$runIndex", "$workflow", "$execution",
        "$vars", "$now", "$today", "$if", "$ifEmpty", "$jmespath", "$fromAI",
    )
)  # fmt: skip
"""The names with `$` that expressions have."""
_DECLARING: Final = frozenset(("=>", "function", "const", "let", "var", "class", "catch"))


class ExpressionProblem(NamedTuple):
    """What is wrong with an expression: the field's dotted path, the offset in characters in its text, and what."""

    path: str
    position: int
    message: str


def check(params: Any) -> list[ExpressionProblem]:
    """Return the syntax errors, and the unknown names with `$`, of all expressions in a JSON value."""
    problems = []
    for path, text in texts(params):
        try:
            template = parse_template(text)
        except ExpressionSyntax as error:
            problems.append(ExpressionProblem(path, error.position or 0, error.message))
            continue
        problems += [problem for expression in template.expressions if (problem := _check(path, expression))]
    return problems


def check_code(source: str) -> tuple[int, str] | None:
    """Return (offset, message) of a code node's first syntax error, or None."""
    return _compile(source, False)


def _check(path: str, expression: Expression) -> ExpressionProblem | None:
    from stepweave.expressions.paths import parse_path

    if parse_path(expression.source) is not None:
        return None
    found = _compile(expression.source, True) or _unknown(expression.source)
    if found is None:
        return None
    offset, message = found
    return ExpressionProblem(path, expression.start + offset, message)


@lru_cache(maxsize=4096)
def _compile(source: str, is_expression: bool) -> tuple[int, str] | None:
    from stepweave.expressions import engine

    return engine.syntax_error(source, is_expression)


def _unknown(source: str) -> tuple[int, str] | None:
    """Return (offset, message) of the first name with `$` that nobody knows and the expression does not declare."""
    from stepweave.expressions.tokens import Kind, is_member, tokens

    found = list(tokens(source))
    if any(token.text in _DECLARING for token in found):
        return None
    for index, token in enumerate(found):
        if token.kind is not Kind.NAME or token.text[0] != "$" or token.text in NAMES or is_member(found, index):
            continue
        if found[index + 1 : index + 2] and found[index + 1].text == ":":
            continue  # a key of an object
        from difflib import get_close_matches

        close = get_close_matches(token.text, sorted(NAMES), 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(NAMES))}."
        return token.start, f"{token.text} is not defined; {hint}"
    return None
