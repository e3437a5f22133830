"""Whose output an expression or a code node reads: `$('Name')`, `$node["Name"]`, `$node.Name`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.templates import parse_template, texts
from stepweave.expressions.tokens import Kind, Token, Unreadable, template_expressions, tokens

NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class References:
    """The names of the nodes that are read; `dynamic` where one is reckoned at run time, so any may be."""

    names: frozenset[str] = field(default=NOTHING)
    dynamic: bool = False

    def __or__(self, other: "References") -> "References":
        return References(self.names | other.names, self.dynamic or other.dynamic)


def references(params: Any) -> References:
    """Return what all expressions in a JSON value read. What cannot be parsed reads nothing; `check` reports it."""
    found = References()
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
    if "$" not in source:
        return References()
    try:
        return _scan(list(tokens(source)))
    except Unreadable:
        return References()


def _scan(found: list[Token]) -> References:
    names: set[str] = set()
    dynamic = False
    for index, token in enumerate(found):
        if token.kind is Kind.TEMPLATE:
            nested = _all(references_in_code(source) for source in template_expressions(token))
            names |= nested.names
            dynamic = dynamic or nested.dynamic
        elif token.kind is Kind.NAME and token.text in ("$", "$node") and not _is_member(found, index):
            name = _named(token.text, found[index + 1 : index + 4])
            dynamic = dynamic or name is None
            names |= {name} if name is not None else set()
    return References(frozenset(names), dynamic)


def _all(each: Iterable[References]) -> References:
    total = References()
    for one in each:
        total |= one
    return total


def _is_member(found: list[Token], index: int) -> bool:
    return index > 0 and found[index - 1].text in (".", "?.")


def _named(root: str, following: list[Token]) -> str | None:
    """Return the node's name in `("Name")`, `["Name"]` or `.Name` behind the root, or None where it is not literal."""
    texts_ = [token.text for token in following]
    if root == "$node" and texts_[:1] == ["."] and len(following) > 1 and following[1].kind is Kind.NAME:
        return texts_[1]
    opens, closes = ("(", ")") if root == "$" else ("[", "]")
    if texts_[:1] == [opens] and texts_[2:3] == [closes]:
        return literal(following[1])
    return None


def literal(token: Token) -> str | None:
    """Return the value of a string literal's token, or None for any other token."""
    if token.kind is Kind.TEMPLATE and "${" not in token.text and "\\" not in token.text:
        return token.text[1:-1]
    if token.kind is not Kind.STRING:
        return None
    inside = token.text[1:-1]
    if "\\" not in inside:
        return inside
    try:
        # JSON reads the common escapes as JavaScript does; the rest count as not literal, which is safe.
        value = json.loads('"' + inside.replace("\\'", "'").replace('\\"', '"').replace('"', '\\"') + '"')
    except ValueError:
        return None
    return value if isinstance(value, str) else None
