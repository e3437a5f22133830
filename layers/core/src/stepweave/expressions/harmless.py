"""Whether an expression surely changes nothing that is there for the next: then built-in objects need not be frozen.

Freezing them costs half of what a context costs. Harmless is what holds no assignment, and reaches no built-in object
but to call what reads: most of what people write. Everything else is run with them frozen (`prelude.js`, `harden`).
"""

from functools import lru_cache
from typing import Final

from stepweave.expressions.literals import string
from stepweave.expressions.tokens import Kind, Token, Unreadable, is_member, template_expressions, tokens

_NO_MEMBERS: Final = frozenset(
    "constructor prototype __proto__ __defineGetter__ __defineSetter__ call apply bind".split()  # noqa: SIM905  # one line
)
"""Through these, built-in objects are reached or changed."""
_NO_NAMES: Final = frozenset(
    # Words of the language that begin more than an expression, and names that run text.
    (
        *("this", "super", "new", "function", "class", "delete", "async", "await", "yield", "import", "var", "let"),
        *("const", "return", "throw", "for", "with", "eval", "globalThis"),
    )
)
_READERS: Final = {
    "Object": frozenset(("keys", "values", "entries", "fromEntries")),
    "Array": frozenset(("isArray", "from", "of")),
    "Number": None,
    "String": None,
    "Boolean": None,
    "Math": None,
    "JSON": None,
    "DateTime": None,
    "Infinity": None,
    "NaN": None,
}
"""Built-in objects by what of them may be used; None: all, for none of it changes anything."""
_VALUE_ENDS: Final = frozenset((")", "]", "}"))


@lru_cache(maxsize=4096)
def is_harmless(source: str) -> bool:
    """Return whether an expression surely leaves all built-in objects as they are."""
    try:
        found = list(tokens(source))
    except Unreadable:
        return False
    return all(_is_harmless(source, found, index) for index in range(len(found)))


def _is_harmless(source: str, found: list[Token], index: int) -> bool:
    token = found[index]
    if token.kind is Kind.NAME:
        return _name(found, index)
    if token.kind is Kind.TEMPLATE:
        return all(map(is_harmless, template_expressions(token)))
    if token.kind is not Kind.PUNCTUATION:
        return True
    before, behind = source[token.start - 1 : token.start], source[token.end : token.end + 1]
    match token.text:
        case "=":
            return behind == "=" or before in ("=", "!", "<", ">")
        case "+" | "-":
            return token.text not in (before, behind)
        case "<" | ">":
            return token.text not in (before, behind)  # a shift may also assign
        case "[":
            return _bracket(found, index)
    return True


def _name(found: list[Token], index: int) -> bool:
    text = found[index].text
    if "\\" in text or text in _NO_MEMBERS or text.startswith("#"):
        return False
    if is_member(found, index) or text.startswith("$"):
        return True
    if text in _READERS:
        allowed = _READERS[text]
        behind = [token.text for token in found[index + 1 : index + 3]]
        return allowed is None or (behind[:1] == ["."] and behind[1:] != [] and behind[1] in allowed)
    # A name in small letters is a parameter, a word of an operator or not defined.
    return text not in _NO_NAMES and not text[0].isupper()


def _bracket(found: list[Token], index: int) -> bool:
    """Whether a bracket opens a list, or reads a property by a literal."""
    before = found[index - 1] if index else None
    if before is None or (before.kind is Kind.PUNCTUATION and before.text not in (*_VALUE_ENDS, "?.")):
        return True
    key, *rest = found[index + 1 : index + 3] or [before]
    if [token.text for token in rest] != ["]"]:
        return False
    return key.kind is Kind.NUMBER or (string(key) is not None and string(key) not in _NO_MEMBERS)
