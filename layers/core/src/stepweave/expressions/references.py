"""Whose output an expression or a code node reads: `$('Name')`, `$node["Name"]`, `$node.Name`, `$items("Name")`.

Cheap to import: `scan`, with the tokenizer, is loaded for the first text that may read something.
"""

from functools import lru_cache
from typing import Any

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.reading import NOTHING_READ, References, may_read
from stepweave.expressions.templates import parse_template, texts


def references(params: Any) -> References:
    """Return what all expressions in a JSON value read. What cannot be parsed reads nothing; `check` reports it."""
    found = NOTHING_READ
    for _, text in texts(params):
        try:
            for expression in parse_template(text).expressions:
                found |= references_in_code(expression.source)
        except ExpressionSyntax:
            continue
    return found


@lru_cache(maxsize=4096)
def references_in_code(source: str) -> References:
    """Return what a piece of JavaScript reads."""
    if not may_read(source):
        return NOTHING_READ
    from stepweave.expressions.scan import scan

    return scan(source)
