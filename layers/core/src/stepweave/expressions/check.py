"""What is wrong with the expressions of a node, without running them."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.paths import parse_path
from stepweave.expressions.templates import Expression, parse_template, texts


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """A syntax error: the field's dotted path, the offset in characters in its text, and what is wrong."""

    path: str
    position: int
    message: str


def check(params: Any) -> list[ExpressionProblem]:
    """Return the syntax errors of all expressions in a JSON value."""
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
    if parse_path(expression.source) is not None:
        return None
    found = _compile(expression.source, True)
    if found is None:
        return None
    offset, message = found
    return ExpressionProblem(path, expression.start + offset, message)


@lru_cache(maxsize=4096)
def _compile(source: str, is_expression: bool) -> tuple[int, str] | None:
    from stepweave.expressions import engine

    return engine.syntax_error(json.dumps(source), is_expression)
