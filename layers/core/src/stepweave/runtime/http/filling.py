"""From an operation's request as data to the parts of one: its templates filled with an item's parameters."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.url import CREDENTIAL
from stepweave.spec.operations import PLACE, Pairs

Values = Mapping[str, Any]
"""Parameters by their JSON names."""

_LEFT_OUT: Final = object()


def path_of(template: str, values: Values) -> str:
    """Return a path, in which a value is what it is and no more: `/`, `?` and `..` in it lead nowhere else.

    Raises:
        ParameterInvalid: a value is empty, no text, or would be taken for a way up (`..`).
    """

    def segment(name: str, mark: str) -> str:
        if name == "credential":  # which no parameter is called: its place stays until the credential is put on
            return CREDENTIAL
        text = _text(values.get(name), name)
        if not text:
            raise _invalid(f"{name} is empty, and the request's path needs it", "Fill it in.", name)
        return quote(text, safe="/" if mark == "*" else "")

    path = PLACE.sub(lambda found: segment(found[1], found[2]), template)
    if any(unquote(part) in (".", "..") for part in path.split("/")):
        names = [found[1] for found in PLACE.finditer(template)]
        raise _invalid(f"A path cannot go up ({unquote(path)})", "Write the name itself, without dots.", names[0])
    return path


def pairs_of(rows: Pairs, values: Values) -> list[tuple[str, str]]:
    """Return rows with their texts: those of a null, an empty text or list are left out, a list repeats its name.

    Raises:
        ParameterInvalid: a value is an object, or a list in a list.
    """
    pairs = []
    for name, template in rows:
        value = _filled(template, values)
        for one in value if isinstance(value, list) else [value]:
            if one is not _LEFT_OUT and one is not None and one != "":
                pairs.append((name, _text(one, name)))
    return pairs


def body_of(template: Any, values: Values) -> Any:
    """Return a body: a text that is one place alone has its value's type, an entry that asks for it is left out.

    Raises:
        ParameterInvalid: an object or a list stands within a longer text.
    """
    body = _body(template, values)
    return None if body is _LEFT_OUT else body


def _body(template: Any, values: Values) -> Any:
    if isinstance(template, str):
        return _filled(template, values)
    if isinstance(template, Mapping):
        entries = ((name, _body(entry, values)) for name, entry in template.items())
        return {name: entry for name, entry in entries if entry is not _LEFT_OUT}
    if isinstance(template, list | tuple):
        entries = ((one, _body(one, values)) for one in template)
        return [made for one, made in entries if made is not _LEFT_OUT and not _is_empty(one, made)]
    return template


def _is_empty(template: Any, made: Any) -> bool:
    return isinstance(template, Mapping) and template != {} and made == {}


def _filled(template: str, values: Values) -> Any:
    whole = PLACE.fullmatch(template)
    if whole is None:
        return PLACE.sub(lambda found: _text(values.get(found[1]), found[1]), template)
    value = values.get(whole[1])
    if whole[2] == "?" and (value is None or value == "" or value == []):
        return _LEFT_OUT
    if whole[2] == "#":
        return {row["name"]: row["value"] for row in value or () if row["value"] is not None}
    return value


def _text(value: Any, name: str) -> str:
    """Return a scalar as JavaScript writes it; null is empty."""
    if value is None:
        return ""
    if isinstance(value, str | bool | int | float):
        return mended_text(scalar_text(value))
    kind = "An object" if isinstance(value, Mapping) else "A list"
    raise _invalid(f"{kind} cannot be sent as {name}", "Take a field of it, or write it as text", name)


def _invalid(problem: str, remedy: str, name: str) -> ParameterInvalid:
    return ParameterInvalid(f"{problem}.", remedy, details={"field": f"params.{name}"})
