"""Finds the references in a piece of JavaScript; `references` is the way in."""

from collections.abc import Iterable
from typing import Final

from stepweave.expressions.literals import string
from stepweave.expressions.references import ROUNDABOUT, References, references_in_code
from stepweave.expressions.tokens import Kind, Token, Unreadable, is_member, template_expressions, tokens

_ROOTS: Final = frozenset(("$", "$node", "$items"))


def scan(source: str) -> References:
    """Return what a piece of JavaScript reads; nothing where it cannot be read itself."""
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
        elif token.kind is Kind.NAME and not is_member(found, index):
            if token.text in ROUNDABOUT or "\\" in token.text:
                dynamic = True
            elif token.text in _ROOTS:
                one = _named(token.text, found[index + 1 : index + 5])
                names |= one.names
                dynamic = dynamic or one.dynamic
    return References(frozenset(names), dynamic)


def _all(each: Iterable[References]) -> References:
    total = References()
    for one in each:
        total |= one
    return total


def _named(root: str, following: list[Token]) -> References:
    """Return the reference that a root and the tokens behind it are; dynamic where the name is not a literal."""
    behind = [token.text for token in following]
    if root == "$node" and behind[:1] in (["."], ["?."]) and len(following) > 1 and following[1].kind is Kind.NAME:
        return References(frozenset((behind[1],))) if "\\" not in behind[1] else References(dynamic=True)
    opens, closes = ("[", "]") if root == "$node" else ("(", ")")
    if behind[:1] == ["?."]:
        following, behind = following[1:], behind[1:]
    if root == "$items" and (behind[:1] != ["("] or behind[:2] == ["(", ")"]):
        return References()  # the step's own items, unless called with a name
    ends = (closes, ",") if root == "$items" else (closes,)
    name = string(following[1]) if behind[:1] == [opens] and behind[2:3] and behind[2] in ends else None
    return References(frozenset((name,))) if name is not None else References(dynamic=True)
