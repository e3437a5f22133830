"""The one grammar of paths to fields: what is written where a node asks for the name of a field.

    a.b.c           names, one inside the other; `\\.` is a dot that belongs to a name
    a[0].b  a.0.b   the first entry of a list (of an object: its field `0`)
    a["x.y"].b      a name in quotes, whatever is in it; `\\"` and `\\\\` within

A field whose name really is what is left of the path comes first: with a field `a.b` there, `a.b` is that one. `set_at`
makes what is missing on the way as lodash's `set` does: a list where an index follows, else an object.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

MISSING: Final = object()
"""What `field_at` returns where there is no such field."""
MOST_FILLED: Final = 1000
"""Entries of a list that are made (as null) so that one can be set behind its end."""
LARGEST_INDEX: Final = 2**32 - 2
"""Of a list, in JavaScript."""
_INDEX: Final = re.compile(r"0|[1-9][0-9]*")
_QUOTED: Final = re.compile(r"""\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]""", re.DOTALL)
_BRACKET: Final = re.compile(r"\[([^\[\]]*)\]")
_NAME: Final = re.compile(r"(?:[^.\[\\]|\\.|\\$)+", re.DOTALL)
_ESCAPE: Final = re.compile(r"""\\([.\[\]\\"'])""")


class PathStep(NamedTuple):
    """One step: the name or index, and the path as it is written from here on."""

    name: str
    written: str

    @property
    def position(self) -> int | None:
        """The position in a list that the step may be; None for one that only names a field."""
        return int(self.name) if _INDEX.fullmatch(self.name) else None


class PathError(ValueError):
    """A path that cannot be read, or does not fit the data. `str()` says why and where."""


@lru_cache(maxsize=4096)
def parse_field_path(path: str) -> tuple[PathStep, ...]:
    """Return the steps of a path, at least one. Raises PathError."""
    if not path:
        raise PathError("no field is named")
    steps: list[PathStep] = []
    at = 0
    while at < len(path):
        start = at
        if path[at : at + 1] == "[":
            name, at = _bracketed(path, at)
        elif found := _NAME.match(path, at):
            name, at = _ESCAPE.sub(r"\1", found[0]), found.end()
        else:
            raise PathError(f"{path!r} has an empty name at position {at}; write a name between the dots")
        if name == "__proto__":
            raise PathError(f"{path!r} names __proto__, which is no field")
        steps.append(PathStep(name, path[start:]))
        if path[at : at + 1] == ".":
            at += 1
            if at == len(path) or path[at] in ".[":
                raise PathError(f"{path!r} has an empty name at position {at}; write a name behind the dot")
        elif at < len(path) and path[at] != "[":
            raise PathError(f"{path!r} goes on at position {at} without a dot")
    return tuple(steps)


def _bracketed(path: str, at: int) -> tuple[str, int]:
    """Return the name or index in brackets at a position, and where the path goes on."""
    if quoted := _QUOTED.match(path, at):
        name = quoted[1] if quoted[1] is not None else quoted[2]
        return _ESCAPE.sub(r"\1", name), quoted.end()
    found = _BRACKET.match(path, at)
    if found is None:
        raise PathError(f"{path!r} has a bracket at position {at} that is not closed; write \\[ for one in a name")
    name = found[1].strip()
    if not name:
        raise PathError(f"{path!r} has empty brackets at position {at}; write an index, as [0]")
    if re.fullmatch(r"[+-]?[0-9.]+", name) and (not _INDEX.fullmatch(name) or int(name) > LARGEST_INDEX):
        raise PathError(f"{path!r}: [{name[:20]}] is no index of a list; indexes are 0, 1, 2 ...")
    return name, found.end()


def field_at(data: Any, path: str) -> Any:
    """Return a field of JSON data, or MISSING.

    Raises:
        PathError: the path cannot be read.
    """
    for step in parse_field_path(path):
        if isinstance(data, Mapping):
            if step.written in data:
                return data[step.written]
            if step.name not in data:
                return MISSING
            data = data[step.name]
        elif isinstance(data, list):
            if step.position is None or step.position >= len(data):
                return MISSING
            data = data[step.position]
        else:
            return MISSING
    return data


def getter(path: str, *, dots: bool = True) -> Callable[[Any], Any]:
    """Return a function that reads the field at a path of JSON data, or MISSING: `field_at` for many items.

    Args:
        path: of the field.
        dots: False where the path is one name as it is, with all its dots and brackets.

    Raises:
        PathError: the path cannot be read.
    """
    name = path if not dots else steps[0].name if len(steps := parse_field_path(path)) == 1 else None
    if name is None:
        return lambda data: field_at(data, path)

    def read(data: Any) -> Any:
        if isinstance(data, dict):
            return data[path] if path in data else data.get(name, MISSING)
        return field_at(data, path) if dots else MISSING

    return read


def unset_at(fields: dict[str, Any], path: str, *, dots: bool = True) -> Any:
    """Take a field away below `fields` and return its value, or MISSING. What is on the way is copied as in `set_at`.

    An entry that is taken out of a list leaves no gap.

    Raises:
        PathError: the path cannot be read.
    """
    if not dots:
        return fields.pop(path, MISSING)
    if field_at(fields, path) is MISSING:
        return MISSING
    place: Any = fields
    steps = parse_field_path(path)
    for number, step in enumerate(steps):
        is_object = isinstance(place, dict)
        if is_object and step.written in place:
            return place.pop(step.written)
        key: Any = step.name if is_object else step.position
        if number == len(steps) - 1:
            return place.pop(key)
        below = place[key]
        place[key] = dict(below) if isinstance(below, dict) else list(below)
        place = place[key]
    return MISSING


def set_at(fields: dict[str, Any], path: str, value: Any) -> None:
    """Set a field below `fields`. Lists and objects on the way are copied first: what held them stays as it is.

    Raises:
        PathError: the path cannot be read, names a field of a list, or an index far behind a list's end.
    """
    steps = parse_field_path(path)
    place: Any = fields
    for number, step in enumerate(steps):
        if isinstance(place, dict) and step.written in place:
            place[step.written] = value
            return
        key = _key(place, step, path)
        if number == len(steps) - 1:
            place[key] = value
            return
        below = place[key] if isinstance(place, list) else place.get(key)
        if isinstance(below, dict):
            place[key] = dict(below)
        elif isinstance(below, list):
            place[key] = list(below)
        else:
            place[key] = [] if steps[number + 1].position is not None else {}
        place = place[key]


def _key(place: dict[str, Any] | list[Any], step: PathStep, path: str) -> Any:
    """Return the key of a step in an object or a list, long enough to hold it. Raises PathError."""
    if isinstance(place, dict):
        return step.name
    before = path[: len(path) - len(step.written)].rstrip(".")
    if step.position is None:
        raise PathError(f"{before!r} is a list, which has no field {step.name!r}; name an entry, as {before}[0]")
    if step.position >= len(place) + MOST_FILLED:
        count = len(place)
        raise PathError(f"{before!r} has {count} entries; {step.position} is more than {MOST_FILLED} behind its end")
    place.extend([None] * (step.position + 1 - len(place)))
    return step.position
