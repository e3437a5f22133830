"""Values as the parameters of a request are written (OpenAPI 3.1, "Style Values")."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.api_operations import ApiField

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_BETWEEN: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
_PARSED: Final = ("integer", "number", "boolean", "array", "object")


def typed(field: ApiField, value: Any, where: str) -> Any:
    """Return a value of a field's type: of a text, what is written in it. Raises ParameterInvalid."""
    if field.type == "string" or not field.type:
        return text_of(value) if field.type and not isinstance(value, list | dict) else value
    found = value
    if isinstance(value, str) and field.type in _PARSED:
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = value.split(",") if field.type == "array" else value
    if not _is(field.type, found):
        given = json.dumps(value, ensure_ascii=False, default=str)[:80]
        raise ParameterInvalid(
            f"{field.name!r} is to be of type {field.type}, and {given} is not.",
            "Write what the operation takes.",
            details={"field": where},
        )
    return int(found) if field.type == "integer" else found


def _is(type: str, value: Any) -> bool:
    match type:
        case "integer":
            return not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value))
        case "number":
            return not isinstance(value, bool) and isinstance(value, int | float)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return True


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def path_of(template: str, values: Mapping[str, tuple[ApiField, Any]]) -> str:
    """Return a path with its values, which are what they are and no more: none leads elsewhere.

    Raises:
        ParameterInvalid: a value is missing or empty, or would be taken for a way up (`..`).
    """

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        field, value = values.get(name, (None, None))
        text = _styled(field, value) if field is not None else ""
        if not text:
            raise _invalid(f"{name!r} is empty, and the request's path needs it", "Fill it in.")
        return text

    path = _PLACE.sub(filled, template)
    if any(unquote(part) in (".", "..") for part in path.split("/")):
        raise _invalid(f"A path cannot go up ({unquote(path)})", "Write the name itself, without dots.")
    return path


def _styled(field: ApiField, value: Any) -> str:
    """Return a value in a path: `simple` (1,2), `label` (.1.2) or `matrix` (;id=1,2)."""
    parts = [quote(text, safe="") for text in _flat(value, field.explode)]
    match field.style:
        case "label":
            return "." + ".".join(parts)
        case "matrix":
            if isinstance(value, list) and field.explode:
                return "".join(f";{field.name}={part}" for part in parts)
            return f";{field.name}={','.join(parts)}"
    return ",".join(parts)


def header_of(field: ApiField, value: Any) -> str:
    """Return a value as a header has it: entries by commas."""
    return json.dumps(value) if field.style == "json" else ",".join(_flat(value, field.explode))


def pairs_of(field: ApiField, value: Any) -> list[tuple[str, str]]:
    """Return a value as names and texts of a query or of cookies."""
    name = field.name
    if field.style == "json":
        return [(name, json.dumps(value))]
    if isinstance(value, dict):
        if field.style == "deepObject":
            return list(_deep(name, value))
        if field.explode:
            return [(key, text_of(one)) for key, one in value.items() if one is not None]
    if isinstance(value, list) and field.explode and field.style not in _BETWEEN:
        return [(name, text_of(one)) for one in value if one is not None]
    return [(name, _BETWEEN.get(field.style, ",").join(_flat(value, False)))]


def _deep(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what is in an object by its path: `filter[size][min]`; a list repeats its path."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _deep(f"{name}[{key}]", one)
    elif isinstance(value, list):
        for one in value:
            yield from _deep(name, one)
    elif value is not None:
        yield name, text_of(value)


def text_of(value: Any) -> str:
    """Return a value as text: what is no scalar is written as JSON."""
    if isinstance(value, str | bool | int | float):
        return mended_text(scalar_text(value))
    return json.dumps(value, ensure_ascii=False)


def _flat(value: Any, explode: bool) -> list[str]:
    if isinstance(value, list):
        return [text_of(one) for one in value if one is not None]
    if isinstance(value, dict):
        pairs = [(key, text_of(one)) for key, one in value.items() if one is not None]
        return [f"{key}={text}" for key, text in pairs] if explode else [text for pair in pairs for text in pair]
    return [text_of(value)]


def _invalid(problem: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(problem + ".", remedy, details={"field": "params.values"})
