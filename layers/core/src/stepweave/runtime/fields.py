"""Reading and changing fields of many items by names that people wrote (`stepweave.spec.fieldpaths`).

Whatever is wrong with a name is `ParameterInvalid` at the parameter that it stands in. A name that no item has is most
often a slip: where the result would say something else than what was asked for, it is an error (`nowhere`), elsewhere
a warning in the log (`warn_nowhere`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from stepweave.model.events import LogLevel
from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError, ParameterInvalid, ValueMismatch
from stepweave.spec.fieldpaths import MISSING, PathError, getter, set_at, unset_at

_EXPRESSION: Final = re.compile(r"^\s*(?:\{\{)?\s*\$json\.|\}\}\s*$")
"""What people write around a name who are used to expressions."""
_LOOKED_AT: Final = 20
"""Items whose names are compared with one that none has."""

Log = Callable[[LogLevel, str], None]
"""Writes a line to the log of a step (`Step.log`)."""
Read = Callable[[Any], Any]
"""Gives the field of an item's JSON, or MISSING."""


def reader(path: str, field: str, *, dots: bool = True) -> Read:
    """Return what reads a field of items' JSON.

    Args:
        path: of the field.
        field: the parameter that names it, for errors (`params.keys.0.field`).
        dots: whether dots and brackets go into objects and lists.

    Raises:
        ParameterInvalid: the path cannot be read.
    """
    try:
        return getter(path, dots=dots)
    except PathError as error:
        raise path_invalid(error, field) from None


def readers(paths: Iterable[str], field: str, *, dots: bool = True) -> list[Read]:
    """Return `reader` for each of several paths, all named in one parameter."""
    return [reader(path, field, dots=dots) for path in paths]


def put(fields: dict[str, Any], path: str, value: Any, field: str, *, dots: bool = True) -> None:
    """Set a field of an item's JSON. Raises ParameterInvalid, and ValueMismatch where it does not fit the item."""
    if not dots:
        fields[path] = value
        return
    reader(path, field)
    try:
        set_at(fields, path, value)
    except PathError as error:
        raise ValueMismatch(
            f"{path}: {error}.",
            "Change the field's name: a.b goes into an object, a[0] into a list.",
            details={"field": field},
        ) from None


def taken(fields: dict[str, Any], path: str, field: str, *, dots: bool = True) -> Any:
    """Take a field of an item's JSON away; return its value or MISSING. Raises ParameterInvalid as `reader`."""
    try:
        return unset_at(fields, path, dots=dots)
    except PathError as error:
        raise path_invalid(error, field) from None


def only(json: dict[str, Any], paths: Iterable[str], field: str, *, dots: bool = True) -> dict[str, Any]:
    """Return an item's JSON with nothing but the given fields. Raises as `put`."""
    kept: dict[str, Any] = {}
    for path in paths:
        value = reader(path, field, dots=dots)(json)
        if value is not MISSING:
            put(kept, path, value, field, dots=dots)
    return kept


def but(json: dict[str, Any], paths: Iterable[str], field: str, *, dots: bool = True) -> dict[str, Any]:
    """Return an item's JSON without the given fields. Raises ParameterInvalid as `reader`."""
    kept = dict(json)
    for path in paths:
        taken(kept, path, field, dots=dots)
    return kept


def has_none(items: Sequence[Item], read: Read) -> bool:
    """Return whether no item has the field that `read` reads; False of no items at all."""
    return bool(items) and all(read(item["json"]) is MISSING for item in items)


def nowhere(name: str, field: str, items: Sequence[Item], *, so: str = "", or_else: str = "") -> NodeError:
    """Return the error of a field that no item has.

    Args:
        name: of the field.
        field: the parameter that names it.
        items: all of them.
        so: what would come of it.
        or_else: what else helps than another name.
    """
    return ParameterInvalid(
        f"No item has the field {name!r}{so and f', so {so}'}.{_meant(name, items)}",
        f"Change the name{or_else and f', or {or_else}'}.",
        details={"field": field},
    )


def warn_nowhere(
    log: Log,
    items: Sequence[Item],
    names: Iterable[str],
    field: str,
    *,
    so: str,
    dots: bool = True,
    of: str = "item",
) -> None:
    """Write a warning for each field that no item has. Raises ParameterInvalid as `reader`.

    Args:
        log: of the step.
        items: all of them.
        names: of the fields.
        field: the parameter that names them.
        so: what comes of it.
        dots: as of `reader`.
        of: what the items are called (`item of the first list`).
    """
    for name in names:
        if has_none(items, reader(name, field, dots=dots)):
            log("warning", f"No {of} has the field {name!r} ({field}), so {so}.{_meant(name, items)}")


def _meant(name: str, items: Sequence[Item]) -> str:
    """Return whether another field is meant: one that is written alike, or whose value stands where its name should."""
    bare = _EXPRESSION.sub("", name).strip()
    known = dict.fromkeys(key for item in items[:_LOOKED_AT] for key in item["json"])
    alike = next((key for key in known if key != name and key.strip().casefold() == bare.casefold()), None)
    if alike is not None:
        return f" Did you mean {alike!r}?"
    holder = next((key for key, value in items[0]["json"].items() if value == name or str(value) == name), None)
    return "" if holder is None else f" It is a value of the field {holder!r}: write that name, without an expression."


def path_invalid(error: PathError, field: str) -> NodeError:
    """Return the error of a path that cannot be read, at the parameter that it stands in."""
    row = next((int(part) + 1 for part in reversed(field.split(".")) if part.isdigit()), 0)
    said = f"Row {row}: {error}." if row else f"{str(error)[:1].upper()}{str(error)[1:]}."
    or_else = ", or delete the row" if row else ""
    remedy = f"Write a field's name in {field}{or_else}: a.b looks into an object, a[0] into a list."
    return ParameterInvalid(said, remedy, details={"field": field})


def needed(names: Iterable[str], field: str, title: str) -> list[str]:
    """Return names of fields, at least one. Raises ParameterInvalid."""
    found = list(names)
    if not found:
        raise ParameterInvalid(
            f"{title}: no field is named.",
            f"Name a field in {field}, or several with commas.",
            details={"field": field},
        )
    return found


def binaries_of(items: Iterable[Item], *, unique: bool = False) -> dict[str, Any]:
    """Return the files of several items under one name each: a name that is taken gets a number (`data_1`).

    Args:
        items: in order.
        unique: whether a file that is there already (the same bytes, type and name) is left out.
    """
    files: dict[str, Any] = {}
    seen: set[tuple[Any, ...]] = set()
    counts: dict[str, int] = {}
    for item in items:
        for name, ref in item.get("binary", {}).items():
            mark = (ref.get("sha256") or ref["key"], ref.get("mimeType"), ref.get("fileName"))
            if unique and mark in seen:
                continue
            seen.add(mark)
            free = name
            while free in files:
                counts[name] = counts.get(name, 0) + 1
                free = f"{name}_{counts[name]}"
            files[free] = ref
    return files
