"""Expressions: `{{ ... }}` in any field, JavaScript over the items of an execution (DESIGN section 5).

    template text ─templates─> text parts and expressions ─┬─ plain path ─paths, resolve──> Python
                                                           └─ the rest ──session, engine─> QuickJS

`references` says whose output an expression reads and `check` what is wrong with it, both without running it. Both
lanes give the same, and where they cannot, the engine decides. What a reader should know of the result:

- A field that is one expression keeps its type; undefined becomes None, dates become ISO 8601 text.
- In a longer text undefined and null are empty, objects and lists are JSON, all else is `String(value)`.
- Numbers are JavaScript's doubles: 1.0 comes back as 1, integers beyond 2**53 lose digits.
- `.item` of another node is its only item, or the one of the same index where that node gave as many as arrive here;
  otherwise it is an error.
- What an expression reads it may change only for itself: the current item and what `.item`, `.first()` and `.last()`
  give are copies, what `.all()` gives is read-only below the list.

Importing this package is cheap; the tokenizer is loaded with the first expression, the engine when one needs it.
"""

from stepweave.expressions.check import ExpressionProblem, check, check_code
from stepweave.expressions.errors import (
    ExpressionError,
    ExpressionLimit,
    ExpressionMemory,
    ExpressionSyntax,
    ExpressionTimeout,
)
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.reading import References
from stepweave.expressions.references import references, references_in_code
from stepweave.expressions.scope import Scope
from stepweave.expressions.templates import Expression, Template, contains_expression, parse_template

__all__ = [
    "Evaluator",
    "Expression",
    "ExpressionError",
    "ExpressionLimit",
    "ExpressionMemory",
    "ExpressionProblem",
    "ExpressionSyntax",
    "ExpressionTimeout",
    "References",
    "Scope",
    "Template",
    "check",
    "check_code",
    "contains_expression",
    "parse_template",
    "references",
    "references_in_code",
]
