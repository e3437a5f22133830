"""The set-fields node: each item's fields, merged with those that are set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.compiler.literals import quoted
from stepweave.compiler.native.items import (
    Inputs,
    bare,
    batch_of,
    few,
    fits_with,
    inline,
    items_of,
    result,
    right,
    taken_along,
)
from stepweave.compiler.native.lowering import Lowering, Native, Program
from stepweave.compiler.native.operands import operand
from stepweave.compiler.native.passing import passed_on
from stepweave.compiler.native.values import Constant, Read, below, is_name, is_text, literal, not_one_of, too_large
from stepweave.model.json_text import JsonInvalid, read
from stepweave.model.numbers import data_text, read_number
from stepweave.spec.fieldpaths import PathError, parse_field_path


@dataclass
class _Leaf:
    """JSONata of a value, relative to an item."""

    source: str


@dataclass
class _Fields:
    """Fields that are set in an object: in one of the item, or in a new one."""

    base: str | None
    fields: "dict[str, _Leaf | _Fields]" = field(default_factory=dict)

    def source(self) -> str:
        """Return JSONata of the object."""
        pairs = (
            f"{quoted(name)}:{value.source()}" if isinstance(value, _Fields) else f"{quoted(name)}:{value.source}"
            for name, value in self.fields.items()
        )
        own = "{" + ",".join(pairs) + "}"
        return own if self.base is None else f"$merge([{self.base},{own}])"


@dataclass
class _Program:
    """What assignments come to.

    Attributes:
        root: the item's new fields.
        wrong: conditions under which an item is left to the function.
        read: JSONata of values that are copied.
        characters: of names and literals, at most.
    """

    root: _Fields
    wrong: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    characters: int = 0

    def native(self, inputs: Inputs) -> Native:
        """Return the node for the items that come in."""
        sources, items = inputs.main, items_of(bare(inputs.main))
        guard = [
            *inline(sources),
            fits_with(items, inputs.room, self.read, self.characters + taken_along(sources)),
            *right(items, self.wrong),
        ]
        kept = '"binary":binary,"origin":origin' if inputs.lineage else '"binary":binary'
        made = f'[{items_of(sources)}.{{"json":{self.root.source()},{kept}}}]'
        return Native(few(sources, guard), f"($t:={made};{result({'main': batch_of('$t')})})")


_PLAIN: Final = {"mode": "fields", "other": "all", "keepFiles": True, "keepUnconverted": False, "dots": True}
"""Parameters without which the node needs its function."""


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None where a value is more than a path or a literal."""
    assignments, keep = params.get("assignments", []), params.get("keepOtherFields", True)
    if not isinstance(assignments, list) or not isinstance(keep, bool):
        return None
    if any(params.get(name, plain) != plain for name, plain in _PLAIN.items()):
        return None
    if not assignments and keep:
        return passed_on
    made = _Program(_Fields("json" if keep else None))
    for assignment in assignments:
        if not isinstance(assignment, Mapping) or not _assign(made, assignment):
            return None
    return made.native


def _assign(made: _Program, assignment: Mapping[str, Any]) -> bool:
    """Add an assignment; return whether it could be."""
    name = assignment.get("name")
    if not isinstance(name, str) or not is_text(name):
        return False
    value = _value(made, assignment.get("value", ""), assignment.get("type", "auto"))
    if value is None:
        return False
    try:
        steps = parse_field_path(name)
    except PathError:
        return False
    if any(step.position is not None for step in steps):
        return False  # lists are for the function
    fields = made.root
    for part, written in steps:
        if part != written and not _is_new(made, fields, written):
            return False
        if written == steps[-1].written:
            break
        known = fields.fields.get(part)
        if known is None:
            base = None
            if fields.base is not None:
                if not is_name(part):
                    return False
                base = below(fields.base, part)
                made.wrong.append(not_one_of(base, "object", "missing"))
            known = fields.fields[part] = _Fields(base)
        if isinstance(known, _Leaf):
            return False
        fields = known
    fields.fields[steps[-1].name] = _Leaf(value)
    made.characters += len(quoted(name)) + len("{}:,null")
    return True


def _is_new(made: _Program, fields: _Fields, name: str) -> bool:
    """Return whether no field is called as the rest of a path is written; where the item says, `made` has it."""
    if name in fields.fields:
        return False
    if fields.base is not None:
        if not is_name(name):
            return False
        made.wrong.append(f"$exists({below(fields.base, name)})")
    return True


def _value(made: _Program, value: Any, type: Any) -> str | None:
    """Return JSONata of an assignment's value; what is wrong with it and how long it is goes to `made`."""
    found = operand(value)
    if found is None:
        return None
    if isinstance(found, Constant):
        source = _literal(found.value, type)
        made.characters += len(source or "")
        return source
    made.wrong += found.wrong
    made.read += found.reads
    made.characters += found.characters
    if found.kind:
        return _of_kind(found, type)
    source = found.source
    match type:
        case "text":
            made.wrong.append(not_one_of(source, "string", "null", "missing"))
            return f'($type({source})="string"?{source}:"")'
        case "number":
            made.wrong += (not_one_of(source, "number"), too_large(source))
            return source
        case "boolean":
            made.wrong.append(not_one_of(source, "boolean", "null", "missing"))
            return f"({source}=true)"
        case "auto":
            made.wrong += (not_one_of(source, "string", "number", "boolean", "null", "missing"), too_large(source))
        case "json":
            made.wrong += (not_one_of(source, "number", "boolean", "null", "missing"), too_large(source))
        case _:
            return None
    return f"($exists({source})?{source}:null)"


def _of_kind(found: Read, type: Any) -> str | None:
    """Return a computed value converted as the node's function does; None where that may fail or differ."""
    if type == "auto" or type == found.kind or (type == "json" and found.kind != "text"):
        return found.source
    return f"$string({found.source})" if type == "text" and found.kind == "boolean" else None


def _literal(value: Any, type: Any) -> str | None:
    """Return a literal converted as the node's function does; None where it would fail, or might differ."""
    match type:
        case "auto":
            return literal(value)
        case "text":
            return literal(data_text(value))
        case "number":
            return _number(value)
        case "boolean":
            return literal(value) if isinstance(value, bool) else "false" if value is None else None
        case "json":
            return _json(value)
    return None


def _number(value: Any) -> str | None:
    if isinstance(value, bool):
        return literal(int(value))
    if isinstance(value, int | float):
        return literal(value)
    number = read_number(value) if isinstance(value, str) else None
    return None if number is None else literal(number)


def _json(value: Any) -> str | None:
    if not isinstance(value, str):
        return literal(value)
    try:
        return literal(read(value))
    except JsonInvalid:
        return None


LOWERING = Lowering("fields", program)
