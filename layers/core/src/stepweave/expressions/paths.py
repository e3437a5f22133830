"""The fast lane: an expression that is a plain path or a literal is read here, and evaluated by `resolve` in Python.

82% of the expressions in 7,700 public workflows are plain paths (DESIGN section 5).
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from stepweave.expressions.literals import string
from stepweave.expressions.tokens import Kind, Token, Unreadable, tokens


class Step(NamedTuple):
    """One property on a path: its name or list index, and whether `?.` stands before it."""

    key: str | int
    optional: bool = False


class Path(NamedTuple):
    """A plain path: where it starts, the node it reads where it starts at one, and the properties it goes through.

    `root` is `$json` and its like, `date` for today's date, or `item`, `first`, `last`, `all` for those of `$input`
    (node None) and of a node; `node` stands for `$node["Name"]`. `start` is the source of all that, for messages.
    """

    root: str
    node: str | None
    steps: tuple[Step, ...]
    start: str


class Literal(NamedTuple):
    """An expression that is a string, number, true, false, null or undefined."""

    value: Any


class Undefined:
    """JavaScript's `undefined`."""


UNDEFINED: Final = Undefined()
ROOTS: Final = frozenset(
    ("$json", "$binary", "$itemIndex", "$workflow", "$execution", "$vars", "$now", "$today")
)  # fmt: skip
_DATES: Final = {"$now.toISO()": "$now", "$now.toISODate()": "date", "$today.toISODate()": "date"}
"""What is asked of dates most, by the root of the path that gives the same."""
_PICKS: Final = frozenset(("item", "first", "last", "all"))
_NAMED_VALUES: Final = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}


@lru_cache(maxsize=4096)
def parse_path(source: str) -> Path | Literal | None:
    """Return the plain path or literal that `source` is, or None where it is more than that."""
    try:
        found = list(tokens(source))
    except Unreadable:
        return None
    if len(found) == 1 and found[0].text not in ROOTS:
        return _literal(found[0])
    if not found or found[0].kind is not Kind.NAME:
        return None
    root, texts = found[0].text, [token.text for token in found[1:4]]
    if root in ("$now", "$today") and (called := _DATES.get("".join(token.text for token in found))):
        return Path(called, None, (), source)
    if root in ROOTS:
        return _path(root, None, found[1:], root)
    if root == "$input":
        return _picked(None, found[1:], root)
    if root == "$node" and texts[:1] == ["."] and len(found) > 2 and _is_property(found[2]):
        return _path("node", texts[1], found[3:], f"$node.{texts[1]}")
    opens, closes = ("(", ")") if root == "$" else ("[", "]")
    if root in ("$", "$node") and len(texts) == len("(x)") and (texts[0], texts[2]) == (opens, closes):
        name = string(found[2])
        if name is not None:
            start = f"{root}{opens}{texts[1]}{closes}"
            return _picked(name, found[4:], start) if root == "$" else _path("node", name, found[4:], start)
    return None


def _literal(token: Token) -> Literal | None:
    text = string(token)
    if text is not None:
        return Literal(text)
    if token.kind is Kind.NUMBER and token.text.isdecimal() and str(int(token.text[:20])) == token.text:
        return Literal(int(token.text))
    if token.kind is Kind.NAME and token.text in _NAMED_VALUES:
        return Literal(_NAMED_VALUES[token.text])
    return None


def _picked(node: str | None, rest: list[Token], start: str) -> Path | None:
    """A path behind `$input` or `$('Name')`: `.item`, `.first()`, `.last()` or `.all()`, then properties."""
    if len(rest) < 2 or rest[0].text != "." or rest[1].text not in _PICKS:
        return None
    pick, rest = rest[1].text, rest[2:]
    if pick == "item":
        return _path(pick, node, rest, f"{start}.item")
    if [token.text for token in rest[:2]] != ["(", ")"]:
        return None
    return _path(pick, node, rest[2:], f"{start}.{pick}()")


def _path(root: str, node: str | None, rest: list[Token], start: str) -> Path | None:
    steps: list[Step] = []
    position = 0
    while position < len(rest):
        optional = rest[position].text == "?."
        bracket = position + 1 if optional else position
        following = rest[bracket : bracket + 3]
        key: str | int | None = None
        if len(following) == 3 and (following[0].text, following[2].text) == ("[", "]"):
            key = _key(following[1])
            position = bracket + 3
        elif rest[position].text in (".", "?.") and len(rest) > position + 1 and _is_property(rest[position + 1]):
            key = rest[position + 1].text
            position += 2
        if key is None:
            return None
        steps.append(Step(key, optional))
    return Path(root, node, tuple(steps), start)


def _is_property(token: Token) -> bool:
    """Whether a token is surely a property's name: other letters than ASCII's are the engine's to judge."""
    return token.kind is Kind.NAME and token.text.isascii() and token.text.replace("$", "_").isidentifier()


def _key(token: Token) -> str | int | None:
    if token.kind is Kind.NUMBER:
        is_plain = token.text.isdecimal() and len(token.text) < 10 and str(int(token.text)) == token.text
        return int(token.text) if is_plain else None
    return string(token)


def written(path: Path, count: int) -> str:
    """Return the source of a path's first `count` steps."""
    pieces = [path.start]
    for key, optional in path.steps[:count]:
        if isinstance(key, str) and key.replace("$", "_").isidentifier():
            pieces.append(f"{'?.' if optional else '.'}{key}")
        else:
            shown = f'"{key}"' if isinstance(key, str) else str(key)
            pieces.append(f"{'?.' if optional else ''}[{shown}]")
    return "".join(pieces)
