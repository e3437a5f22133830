"""What people fill in for a credential: checked, completed, changed, and told apart, by its type's data alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.secret_references import is_reference
from stepweave.spec.templates import filled


def complete(entry: CredentialEntry, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a credential's data without what is empty, and with the defaults of the fields that are asked for.

    White space around what is no secret is left out: it is copied along, and nobody sees it.
    """
    trimmed = {
        name: value.strip() if isinstance(value, str) and name not in entry.secrets else value
        for name, value in data.items()
    }
    given = {name: value for name, value in trimmed.items() if value not in (None, "")}
    asked = ((name, field.get("default")) for name, field in _asked(entry, given))
    defaults = {name: default for name, default in asked if default not in (None, "")}
    return {**defaults, **given}


def problems(entry: CredentialEntry, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with data that `complete` gave: the field's name ("" for the whole), and words for people."""
    for name, field in _asked(entry, data):
        is_required = field.get("x-ui", {}).get("requiredWhenShown") or name in entry.data_schema.get("required", ())
        if is_required and name not in data:
            yield name, f"Fill in {field.get('title', name)!r}{_instead(field)}."
    # What a secret is that lies elsewhere, is known when it is fetched; whether a reference is one, the API asks.
    here = {name: value for name, value in data.items() if not (name in entry.secrets and is_reference(value))}
    schema = {**entry.data_schema, "required": [name for name in entry.data_schema.get("required", ()) if name in here]}
    for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(here):
        kind: Any = error.kind
        if kind.name == "additionalProperties":
            known = ", ".join(entry.fields)
            yield from ((str(name), f"There is no such field; there are {known}.") for name in kind.unexpected)
        elif kind.name != "required":
            name = str(error.instance_path[0]) if error.instance_path else ""
            value = data.get(name)
            is_padded = kind.name == "pattern" and isinstance(value, str) and value != value.strip()
            yield name, _words(entry, name, "padded" if is_padded else kind.name, error.message)


def merged(entry: CredentialEntry, stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `stored` with the fields that are given; null takes one away.

    A field and those that it stands for (`unless`) replace each other: a DSN takes host, database and user away.
    """
    gone: set[str] = set()
    for name, form in entry.forms():
        other = form.get("unless")
        if other and given.get(other):
            gone.add(name)
        elif other and given.get(name) and form.get("requiredWhenShown"):
            gone.add(other)
    kept = {name: value for name, value in stored.items() if name not in gone}
    return {name: value for name, value in {**kept, **given}.items() if value is not None}


def hint_of(entry: CredentialEntry, data: Mapping[str, Any]) -> str:
    """Return what tells a credential from others of its type; never a secret."""
    open_data = {name: value for name, value in data.items() if name not in entry.secrets}
    return next((text for template in entry.hint if (text := filled(template, open_data)) is not None), "")


def _asked(entry: CredentialEntry, data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, field in entry.fields.items():
        if not data.get(field.get("x-ui", {}).get("unless", "")):
            yield name, field


def _instead(field: Mapping[str, Any]) -> str:
    other = field.get("x-ui", {}).get("unless")
    return f", or give {other!r} instead" if other else ""


def _words(entry: CredentialEntry, name: str, kind: str, message: str) -> str:
    """Return a validator's words without the value, which may be a secret."""
    title = entry.fields.get(name, {}).get("title", name)
    field = entry.fields.get(name, {})
    limits = {
        "maxLength": f"{title!r} may have {field.get('maxLength')} characters.",
        "minLength": f"{title!r} must not be empty.",
        "padded": f"{title!r} begins or ends with a space or a line break, which cannot stand there. Take it out.",
        "pattern": f"{title!r} has characters that cannot stand there.",
        "enum": f"{title!r} is one of {', '.join(map(str, field.get('enum', ())))}.",
        "minimum": f"{title!r} is at least {field.get('minimum')}.",
        "maximum": f"{title!r} is at most {field.get('maximum')}.",
        "type": f"{title!r} must be of type {field.get('type')}.",
    }
    return limits.get(kind) or (message if name not in entry.secrets else f"{title!r} is not valid.")
