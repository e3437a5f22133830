"""What the nodes of an agent's tools ask the model for: the calls of `$fromAI` in their expressions.

`$fromAI('name', 'description', type, default)`: all but the name may be left out. As n8n has it, `type` is `string`,
`number`, `boolean` or `json`. Its arguments are literals, because the model is told of them before anything runs.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.literals import string
from stepweave.expressions.templates import parse_template, texts
from stepweave.expressions.tokens import Kind, Token, Unreadable, is_member, template_expressions, tokens

FROM_AI: Final = "$fromAI"
TYPES: Final = {"string": "string", "number": "number", "boolean": "boolean", "json": ""}
"""The types that can be asked for, with JSON schema's name; "" is any."""
_WORDS: Final = {"true": True, "false": False, "null": None, "undefined": None}
_LONGEST_NAME: Final = 64


class Asked(NamedTuple):
    """One value that is asked for. `has_default` says that the model may leave it out."""

    name: str
    description: str = ""
    type: str = "string"
    default: Any = None
    has_default: bool = False


class Unclear(NamedTuple):
    """A call that nobody can tell the model of: the field's dotted path, and why."""

    path: str
    message: str


def asked_of_model(params: Any) -> list[Asked | Unclear]:
    """Return what all expressions in a JSON value ask a model for, in order. What cannot be parsed asks for nothing."""
    found: list[Asked | Unclear] = []
    for path, text in texts(params):
        if FROM_AI not in text:
            continue
        try:
            sources = [expression.source for expression in parse_template(text).expressions]
        except ExpressionSyntax:
            continue
        found += [one for source in sources for one in _in_source(source, path)]
    return found


def schema_of(asked: list[Asked]) -> dict[str, Any]:
    """Return the JSON schema of an object with what is asked for; of two of one name the first one tells more.

    Where nothing is asked for, anything may be given: it is in the item that enters.
    """
    if not asked:
        return {"type": "object", "properties": {}}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for one in asked:
        known = properties.setdefault(one.name, {})
        if (kind := TYPES[one.type]) and "type" not in known:
            known["type"] = kind
        if one.description and "description" not in known:
            known["description"] = one.description
        if one.has_default:
            known.setdefault("default", one.default)
        elif one.name not in required:
            required.append(one.name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _in_source(source: str, path: str) -> Iterator[Asked | Unclear]:
    try:
        found = list(tokens(source))
    except Unreadable:
        return
    for index, token in enumerate(found):
        if token.kind is Kind.TEMPLATE:
            for inside in template_expressions(token):
                yield from _in_source(inside, path)
        elif token.kind is Kind.NAME and token.text == FROM_AI and not is_member(found, index):
            yield _call(source, found[index + 1 :], path)


def _call(source: str, behind: list[Token], path: str) -> Asked | Unclear:
    """Return what a call asks for, of the tokens behind its name."""
    given = _arguments(behind)
    if given is None or not given:
        return Unclear(path, "$fromAI needs a name: $fromAI('city', 'The city to look up').")
    values = [_literal(source, argument) for argument in given]
    if any(value is _NONE for value in values[:4]):
        return Unclear(path, "What $fromAI is given must be written out: text, a number, true or false.")
    name, description, kind, *rest = [*values, None, None][: max(3, len(values))]
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not _is_name(name):
        return Unclear(path, f"A name for $fromAI has 1 to {_LONGEST_NAME} letters, digits, _ and -.")
    kind = kind or "string"
    if kind not in TYPES:
        return Unclear(path, f"$fromAI knows the types {', '.join(TYPES)}, not {str(kind)[:40]!r}.")
    has_default = bool(rest) and [token.text for token in given[3]] != ["undefined"]
    return Asked(name, str(description or ""), str(kind), rest[0] if has_default else None, has_default)


def _is_name(text: str) -> bool:
    return all(one.isascii() and (one.isalnum() or one in "_-") for one in text)


def _arguments(behind: list[Token]) -> list[list[Token]] | None:
    """Return the tokens of each argument of a call; None where it is none or does not end."""
    if not behind or behind[0].text != "(":
        return None
    found: list[list[Token]] = [[]]
    depth = 0
    for token in behind[1:]:
        mark = token.text if token.kind is Kind.PUNCTUATION else ""
        if mark == ")" and depth == 0:
            return [argument for argument in found if argument]
        if mark == "," and depth == 0:
            found.append([])
            continue
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(mark, 0)
        found[-1].append(token)
    return None


_NONE: Final = object()


def _literal(source: str, argument: list[Token]) -> Any:
    """Return a literal's value, lists and objects written as JSON among them; `_NONE` for anything else."""
    if len(argument) == 1:
        token = argument[0]
        if (text := string(token)) is not None:
            return text
        if token.text in _WORDS:
            return _WORDS[token.text]
    try:
        return json.loads(source[argument[0].start : argument[-1].end])
    except ValueError:
        return _NONE
