"""A user's JSON as a literal inside a state machine with `QueryLanguage: JSONata`.

Step Functions evaluates every string that starts with `{%` and ends with `%}`. User data is never evaluated: such a
string is emitted as an expression that is a quoted string. Inside it `%` is written `\\u0025`, so that no reader of the
definition can find an end of the expression within the data.
"""

import json
import re
from typing import Any


def quoted(value: Any) -> str:
    """Return JSON data as a JSONata literal: JSON's literals are JSONata's.

    Characters stand for themselves: not every engine joins the escaped halves of one. Halves on their own are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("%", "\\u0025")
    return text if text.isascii() else _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


_SURROGATE = re.compile("[\ud800-\udfff]")


def expression(source: str) -> str:
    """Return JSONata source as the string that Step Functions evaluates."""
    return "{% " + source + " %}"


def literal(value: Any) -> Any:
    """Return JSON data such that Step Functions passes it on unchanged.

    An object with a key that an engine might read as an instruction (`.$` at the end, `{%` at the start) becomes one
    quoted expression; anything else keeps its form.
    """
    if isinstance(value, str):
        return expression(quoted(value)) if _evaluated(value) else value
    if isinstance(value, dict):
        if any(key.endswith(".$") or key.startswith("{%") for key in value):
            return expression(quoted(value))
        return {key: literal(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [literal(entry) for entry in value]
    return value


def _evaluated(text: str) -> bool:
    """Return whether an engine could take `text` for JSONata. Broader than AWS's rule, for engines that trim."""
    return "{%" in text and text.lstrip().startswith("{%")


def inner(emitted: str) -> str:
    """Return the JSONata source within an emitted expression."""
    return emitted.removeprefix("{% ").removesuffix(" %}")


def path(source: str, *steps: str) -> str:
    """Return the JSONata path `source.step.step`, each step quoted where it is not a plain word."""
    return source + "".join(f".{step}" if step in _PLAIN else f".`{step}`" for step in steps)


_PLAIN = frozenset({"output", "response", "main", "error"})
"""Steps that need no back quotes. Others get them: `true`, `and`, `in` are words of JSONata, `a-b` is a difference."""
