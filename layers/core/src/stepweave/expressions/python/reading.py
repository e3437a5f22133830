"""What can be said of a code node's Python without running it: whose output it reads, and where it is no Python."""

import ast
from functools import lru_cache
from typing import Final

from stepweave.expressions.reading import NOTHING_READ, References

_WHOLE: Final = frozenset(("all", "first", "last", "isExecuted"))
"""What is read of a node without asking which of its items belongs to the current one."""
_ROUNDABOUT: Final = frozenset(("eval", "exec", "globals", "locals", "vars"))
"""Through these, names can be reached that do not stand in the source."""


@lru_cache(maxsize=1024)
def references_in_python(source: str) -> References:
    """Return what a piece of Python reads: `_("Name")`, `_node["Name"]`; nothing where it cannot be read itself."""
    if "_" not in source:
        return NOTHING_READ
    try:
        tree = ast.parse(source)
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return NOTHING_READ
    own = {node for node in parents if _binds(node)}
    total = NOTHING_READ
    for node in parents:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in _ROUNDABOUT:
                total |= References(dynamic=True)
            elif node.id in ("_", "_node"):
                found = _named(node, parents)
                total |= NOTHING_READ if found.dynamic and own and node.id == "_" else found
    return total


def _binds(node: ast.AST) -> bool:
    """Whether `_` is made a name of the code's own, as in `for _ in range(3)`."""
    is_name = isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
    return is_name or (isinstance(node, ast.arg) and node.arg == "_")


def _named(name: ast.Name, parents: dict[ast.AST, ast.AST]) -> References:
    """Return the reference that one of the two names and what stands behind it are; dynamic without a literal."""
    used = parents.get(name)
    found: ast.expr | None = None
    if name.id == "_" and isinstance(used, ast.Call) and used.func is name and len(used.args) == 1:
        found = used.args[0]
    elif name.id == "_node" and isinstance(used, ast.Subscript) and used.value is name:
        found = used.slice
    if used is None or not isinstance(found, ast.Constant) or not isinstance(found.value, str):
        return References(dynamic=True)
    names, member = frozenset((found.value,)), parents.get(used)
    is_whole = isinstance(member, ast.Attribute) and member.attr in _WHOLE
    return References(names) if is_whole else References(names, paired=names)


@lru_cache(maxsize=1024)
def check_python(source: str) -> tuple[int, str] | None:
    """Return (offset in characters, message) of a code node's first syntax error, or None."""
    from stepweave.expressions.python.child_source import compiled

    try:
        compiled(source)
    except SyntaxError as error:
        lines = source.split("\n")
        line = min(error.lineno or 1, len(lines))
        before = sum(len(each) + 1 for each in lines[: line - 1])
        return min(len(source), before + max(0, (error.offset or 1) - 1)), error.msg
    except ValueError as error:
        return 0, str(error)
    except (RecursionError, MemoryError):
        return 0, "it is nested too deeply"
    return None
