"""JSON and JSON lines."""

import json

from functions.nodes.files.convert_to_file.target import Given, Target


def write(target: Target, given: Given) -> int:
    """Write the items, and return how many there are: a list, or the item alone where each has a file of its own."""
    params, rows = target.params, 0
    indent = 2 if params.pretty and params.format == "json" else None
    if params.format == "json" and params.files == "each":
        [(fields, _)] = given()
        target.text(_text(fields, indent) + ("\n" if indent else ""))
        return 1
    lines = params.format == "jsonLines"
    for fields, _ in given():
        before = "" if lines else "[\n" if rows == 0 else ",\n"
        target.text(before + _text(fields, indent) + ("\n" if lines else ""))
        rows += 1
    if not lines:
        target.text("\n]\n" if rows else "[]\n")
    return rows


def _text(value: object, indent: int | None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
