"""Expressions: `{{ ... }}` in any field, JavaScript over the items of an execution (DESIGN section 5).

    template text ─templates─> text parts and expressions ─┬─ plain path ─paths──> Python
                                                           └─ the rest ──engine──> QuickJS

`references` says whose output an expression reads and `check` what is wrong with it, both without running it.
Importing this package is cheap; the JavaScript engine is loaded when first used.
"""

from stepweave.expressions.check import ExpressionProblem, check
from stepweave.expressions.errors import ExpressionError, ExpressionLimit, ExpressionSyntax
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.references import References, references, references_in_code
from stepweave.expressions.scope import Scope
from stepweave.expressions.templates import Expression, Template, contains_expression, parse_template

__all__ = [
    "Evaluator",
    "Expression",
    "ExpressionError",
    "ExpressionLimit",
    "ExpressionProblem",
    "ExpressionSyntax",
    "References",
    "Scope",
    "Template",
    "check",
    "contains_expression",
    "parse_template",
    "references",
    "references_in_code",
]
