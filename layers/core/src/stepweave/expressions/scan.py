"""Finds the references in a piece of JavaScript; `references` is the way in."""

from collections.abc import Iterable
from typing import Final

from stepweave.expressions.literals import string
from stepweave.expressions.reading import NOTHING_READ, ROUNDABOUT, References, may_read
from stepweave.expressions.tokens import Kind, Token, Unreadable, is_member, template_expressions, tokens

_ROOTS: Final = frozenset(("$", "$node", "$items"))
_WHOLE: Final = (["all"], ["first"], ["last"], ["isExecuted"])
"""What is read of a node without asking which of its items belongs to the current one."""


def scan(source: str) -> References:
    """Return what a piece of JavaScript reads; nothing where it cannot be read itself."""
    if not may_read(source):
        return NOTHING_READ
    try:
        return _scan(list(tokens(source)))
    except Unreadable:
        return NOTHING_READ


def _scan(found: list[Token]) -> References:
    total = NOTHING_READ
    for index, token in enumerate(found):
        if token.kind is Kind.TEMPLATE:
            total |= _all(scan(source) for source in template_expressions(token))
        elif token.kind is Kind.NAME and not is_member(found, index):
            if token.text in ROUNDABOUT or "\\" in token.text:
                total |= References(dynamic=True)
            elif token.text in _ROOTS:
                total |= _named(token.text, found[index + 1 : index + 7])
    return total


def _all(each: Iterable[References]) -> References:
    total = NOTHING_READ
    for one in each:
        total |= one
    return total


def _named(root: str, following: list[Token]) -> References:
    """Return the reference that a root and the tokens behind it are; dynamic where the name is not a literal."""
    behind = [token.text for token in following]
    if root == "$node" and behind[:1] in (["."], ["?."]) and len(following) > 1 and following[1].kind is Kind.NAME:
        plain = frozenset((behind[1],))
        return References(plain, paired=plain) if "\\" not in behind[1] else References(dynamic=True)
    opens, closes = ("[", "]") if root == "$node" else ("(", ")")
    if behind[:1] == ["?."]:
        following, behind = following[1:], behind[1:]
    if root == "$items" and (behind[:1] != ["("] or behind[:2] == ["(", ")"]):
        return NOTHING_READ  # the step's own items, unless called with a name
    ends = (closes, ",") if root == "$items" else (closes,)
    name = string(following[1]) if behind[:1] == [opens] and behind[2:3] and behind[2] in ends else None
    if name is None:
        return References(dynamic=True)
    names = frozenset((name,))
    whole = root == "$items" or (root == "$" and behind[3:4] in (["."], ["?."]) and behind[4:5] in _WHOLE)
    return References(names) if whole else References(names, paired=names)
