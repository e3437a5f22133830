"""The values of JavaScript's literals."""

import re
from typing import Final

from stepweave.expressions.tokens import Kind, Token
from stepweave.model.numbers import whole

_ESCAPE: Final = r"\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\n\r\u2028\u2029])|([\s\S]))"
_NAMED: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LAST_CODE_POINT: Final = 0x10FFFF


def string(token: Token) -> str | None:
    """Return the value of a string literal's token, or None for any other token (or an escape that is not legal)."""
    if (token.kind is Kind.TEMPLATE and "${" not in token.text and "\r" not in token.text) or token.kind is Kind.STRING:
        inside = token.text[1:-1]
    else:
        return None
    if "\\" not in inside:
        return inside
    try:
        return whole(re.sub(_ESCAPE, _unescaped, inside))
    except ValueError:
        return None


def _unescaped(found: re.Match[str]) -> str:
    braced, four, two, line_end, other = found.groups()
    digits = braced or four or two
    if digits:
        code = int(digits, 16)
        if code > _LAST_CODE_POINT:
            raise ValueError(digits)
        return chr(code)
    if line_end:
        return ""
    follows = found.string[found.end() : found.end() + 1]
    if other in "ux" or (other.isdigit() and (other != "0" or follows.isdigit())):
        raise ValueError(other)
    return _NAMED.get(other, other)
