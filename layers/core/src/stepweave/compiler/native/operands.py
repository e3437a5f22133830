"""Values of parameters as JSONata: literals, paths into an item, formulas, and texts with such in them."""

from typing import Any

from stepweave.compiler.native import formulas
from stepweave.compiler.native.values import Constant, Read, read_of
from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.formulas import parse_formula
from stepweave.expressions.paths import UNDEFINED, Literal, parse_path
from stepweave.expressions.templates import OPEN, Template, contains_expression, parse_template


def operand(value: Any) -> Constant | Read | None:
    """Return a parameter's value as far as it can be had without a function: None where it cannot."""
    if not isinstance(value, str):
        return None if contains_expression(value) else Constant(value)
    if OPEN not in value:
        return Constant(value)
    try:
        template = parse_template(value)
    except ExpressionSyntax:
        return None
    if template.single is None:
        return _text(template)
    found = parse_path(template.single.source)
    if isinstance(found, Literal):
        return Constant(None if found.value is UNDEFINED else found.value)
    if found is not None and found.root != "$now":
        return read_of(found)
    return _computed(template.single.source)


def _computed(source: str) -> Read | None:
    formula = parse_formula(source)
    if formula is None:
        return None
    try:
        return _made(formulas.lowered(formula))
    except formulas.Unknown:
        return None


def _text(template: Template) -> Read | None:
    """Return a text with expressions in it."""
    parts = []
    try:
        for part in template.parts:
            if isinstance(part, str):
                parts.append(formulas.constant_text(part))
                continue
            formula = parse_formula(part.source)
            if formula is None:
                return None
            parts.append(formulas.text_of(formula))
        return _made(formulas.joined(parts))
    except formulas.Unknown:
        return None


def _made(formula: formulas.Lowered) -> Read:
    return Read(formula.source, formula.every_wrong(), formula.kind, formula.reads, formula.characters)
