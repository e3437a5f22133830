"""Whether the engine surely ends an expression in time: then it may run in the step's own process.

QuickJS looks at the clock whenever code is called or goes round. Built-ins that go through a text or a list by
themselves take no longer than what is there is long, but for two kinds: those that search or sort by comparing whole
texts, and those that go by a `length` which only says that there is so much. Harmless expressions (`harmless`) cannot
borrow a method for an object of their own, nor write a `length`; what is left is told by names here.
"""

from functools import lru_cache
from typing import Final

from stepweave.expressions.harmless import is_harmless
from stepweave.expressions.literals import string
from stepweave.expressions.tokens import Kind, Token, Unreadable, is_member, template_expressions, tokens

_SEARCHING: Final = frozenset(("indexOf", "lastIndexOf", "includes", "split", "replace", "replaceAll"))
"""In the worst case as long as both texts multiplied: bounded where what is searched for stands in the expression."""
_GROWING: Final = frozenset(("repeat", "padStart", "padEnd"))
_BORROWED: Final = frozenset(
    (
        *("reverse", "join", "sort", "concat", "flat", "unshift", "splice", "copyWithin", "fill", "shift", "slice"),
        *("toReversed", "toSorted", "toSpliced", "toString", "toLocaleString", "with", "raw"),
    )
)
"""These go by `length`; only called at what they belong to, as `.name(`."""
_LITERAL: Final = frozenset((Kind.STRING, Kind.REGEX, Kind.NUMBER))


@lru_cache(maxsize=4096)
def is_bounded(source: str) -> bool:
    """Return whether the engine surely ends an expression by its own limit of time."""
    if not is_harmless(source):
        return False
    try:
        found = list(tokens(source))
    except Unreadable:
        return False
    return all(_is_bounded(found, index) for index in range(len(found)))


def _is_bounded(found: list[Token], index: int) -> bool:
    token = found[index]
    if token.kind is Kind.STRING:
        text = string(token)
        return text is not None and text != "__proto__" and text not in _SEARCHING | _GROWING | _BORROWED
    if token.kind is Kind.TEMPLATE:
        return all(map(is_bounded, template_expressions(token)))
    if token.kind is not Kind.NAME:
        return not token.text.endswith("n") if token.kind is Kind.NUMBER else True
    behind = found[index + 1 : index + 4]
    called = is_member(found, index) and behind[:1] != [] and behind[0].text == "("
    if token.text in _GROWING or token.text == "BigInt":
        return False
    if token.text in _SEARCHING:
        return called and len(behind) == 3 and behind[1].kind in _LITERAL and behind[2].text in (",", ")")
    if token.text == "sort" or token.text == "toSorted":
        return called and len(behind) > 1 and behind[1].text != ")"
    return called if token.text in _BORROWED else True
