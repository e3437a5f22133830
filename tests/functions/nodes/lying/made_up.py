"""Parameters and credentials made up from forms: the least that a form takes."""

import re
from collections.abc import Mapping
from typing import Any, Final

from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.fields import shown
from tests.functions.nodes.lying.lies import SECRET

_TEXTS: Final = (
    "x1",
    "1",
    "a@b.example",
    "https://example.com/x",
    "eu-west-1",
    "2026-01-31",
    "2026-01-31T10:00:00Z",
    "A1",
    "A1:B2",
    "#123456",
    "123:abc",
    "xoxb-1-a",
    "00000000-0000-4000-8000-000000000000",
    "0" * 32,
)
_URLS: Final = frozenset({"baseUrl", "endpoint", "testUrl", "tokenUrl", "authorizeUrl", "url", "serverUrl", "host"})


def params_of(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form must have at least, besides what is given."""
    fields: Mapping[str, Any] = schema.get("properties", {})
    made = dict(given)

    def value_of(name: str) -> Any:
        return made[name] if name in made else fields[name].get("default")

    for name, field in fields.items():
        form = field.get("x-ui", {})
        needed = name in schema.get("required", ()) or form.get("requiredWhenShown")
        if name not in made and needed and shown(form, value_of):
            made[name] = "c" if form.get("kind") == "credential" else value(field)
    return made


def value(field: Mapping[str, Any]) -> Any:
    """Return a value that a field takes."""
    for kinds in ("anyOf", "allOf", "oneOf"):
        if kinds in field:
            return value({**field[kinds][0], "x-ui": field.get("x-ui", {})})
    if field.get("enum"):
        return field["enum"][0]
    if "const" in field:
        return field["const"]
    match field.get("type"):
        case "integer" | "number":
            return max(1, field.get("minimum", 1), field.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case "array":
            row = field.get("items", {})
            return [params_of(row, {}) if row.get("properties") else value(row)]
        case "object":
            return params_of(field, {})
        case "string":
            return text(field)
    return {"a": 1} if field.get("x-ui", {}).get("kind") == "json" else "x1"


def text(field: Mapping[str, Any]) -> str:
    pattern, least = field.get("pattern", ""), int(field.get("minLength", 0))
    for one in _TEXTS:
        long = one * (1 + least // len(one)) if len(one) < least else one
        if not pattern or re.search(pattern, long):
            return long
    raise AssertionError(f"nothing made up fits {pattern}: write the parameter to given.py")


def credential_of(entry: CredentialEntry, url: str) -> dict[str, Any]:
    """Return what a person would fill in, whose servers all are `url`."""
    data: dict[str, Any] = {}
    for name, field in entry.fields.items():
        if name in _URLS and field.get("default", "") != "never":
            data[name] = url
        elif name in entry.secrets:
            data[name] = SECRET if re.search(field.get("pattern", ""), SECRET) else text(field)
        elif name in entry.data_schema.get("required", ()) or field.get("x-ui", {}).get("requiredWhenShown"):
            data[name] = value(field)
        elif "default" in field and field["default"] not in (None, ""):
            data[name] = field["default"]
    return {**data, "accessToken": SECRET} if entry.oauth2 else data
