"""Which of a workspace's variables a document reads: `$vars.name`, `$vars["name"]`, in Python `_vars["name"]`.

A name that the text leaves room for (`$vars?.name`, `$vars.name ?? 'x'`, `_vars.get("name")`) may be missing, others
may not. Where a name is reckoned (`$vars[$json.key]`) any may be read. Looks at text only and runs nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.templates import OPEN, parse_template

ALL: Final = "*"
"""Stands for all names, where a name is reckoned."""
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""What a variable may be called."""
_CODE: Final = "code"
"""The parameter of code nodes that is code as it stands, without braces."""
_READ: Final = re.compile(
    r"""(?<![\w$.])(?P<root>\$vars|_vars)\b\s*
        (?: (?P<get>\.\s*get\s*\(\s*(?P<q1>["'])(?P<got>[^"'\\]*)(?P=q1))
          | (?P<maybe>\?)?\.\s*(?P<member>[A-Za-z_]\w*)
          | (?P<maybe2>\?\.\s*)?\[\s*(?P<q2>["'`])(?P<key>[^"'`\\]*)(?P=q2)\s*\] )?
        (?P<otherwise>\s*\?\?)?""",
    re.VERBOSE,
)

_METHODS: Final = frozenset(("copy", "get", "items", "keys", "values"))
"""Of Python's dictionaries, which call no variable by its name."""


class VariablesRead(NamedTuple):
    """What is read: `needed` must be there, `names` may be read; `ALL` among them where a name is reckoned."""

    names: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()

    def among(self, there: Iterable[str]) -> list[str]:
        """Return what is needed and not `there`, by name."""
        return sorted(self.needed - frozenset(there))


def variables_read(nodes: Iterable[Mapping[str, Any]]) -> VariablesRead:
    """Return what the nodes of a document read, disabled ones left out."""
    names: set[str] = set()
    needed: set[str] = set()
    for node in nodes:
        if (node.get("settings") or {}).get("disabled"):
            continue
        for source in _sources(node.get("params"), ""):
            _read(source, names, needed)
    return VariablesRead(frozenset(names), frozenset(needed))


def _read(source: str, names: set[str], needed: set[str]) -> None:
    for found in _READ.finditer(source):
        name = found["got"] or found["member"] or found["key"]
        if name is None or (found["root"] == "_vars" and found["member"] in _METHODS):
            names.add(ALL)
            continue
        names.add(name)
        if not (found["get"] or found["maybe"] or found["maybe2"] or found["otherwise"]):
            needed.add(name)


def _sources(value: Any, key: str) -> Iterable[str]:
    """Yield the pieces of code in parameters: what stands in braces, and the code of code nodes."""
    if isinstance(value, str):
        if "vars" not in value:
            return
        if key == _CODE:
            yield value
        elif OPEN in value:
            try:
                yield from (expression.source for expression in parse_template(value).expressions)
            except ExpressionSyntax:
                yield value  # code that has braces of its own, or what does not compile
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            yield from _sources(entry, str(name))
    elif isinstance(value, list):
        for entry in value:
            yield from _sources(entry, key)
