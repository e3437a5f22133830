"""Making a template of a workflow: credentials become slots, secrets and recorded data go, and all of it is said."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.gallery import Question, Slot, Spot
from api.services.templates import forms
from stepweave.spec.catalogue import CatalogueEntry

_SECRET_NAME: Final = re.compile(
    r"authori[sz]ation|api[-_]?key|token|secret|passw(or)?d|passphrase|cookie|signature|credential|bearer", re.I
)
"""What a header, a query parameter or a field is called that holds a secret."""
_SECRET_TEXT: Final = re.compile(
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_A-Za-z0-9]{16,}"  # OpenAI, Anthropic, Stripe
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}"  # Slack
    r"|\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"
    r"|\bAKIA[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+"  # JWT
    r"|\b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._-]{12,}"
    r"|(?<=://)[^/\s:@{}]+:[^/\s@{}]+(?=@)"  # who logs in within a URL
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
)
GONE: Final = "REMOVED"


@dataclass(frozen=True)
class Removed:
    """Something that was taken out: where, and what it was, for people. No value."""

    node: str
    field: str
    what: str


@dataclass
class Stripped:
    """A workflow without what is its owner's alone, and what must be asked for instead."""

    workflow: dict[str, Any]
    credentials: list[Slot] = field(default_factory=list)
    parameters: list[Question] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)


def stripped(document: Mapping[str, Any], known: Mapping[str, str]) -> Stripped:
    """Return a workflow as a template.

    Args:
        document: a workflow document; it is not changed.
        known: the names of the tenant's credentials by their ids: none of them stays, wherever it is written.
    """
    found = Stripped({**document, "nodes": [{**node} for node in document.get("nodes", [])]})
    slots: dict[str, list[Spot]] = {}
    for node in found.workflow["nodes"]:
        _strip_node(found, node, slots)
    for number, (credential, spots) in enumerate(slots.items(), start=1):
        name = known.get(credential) or "Credential"
        found.credentials.append(Slot(id=f"credential-{number}", name=name[:100], fields=tuple(spots)))
    settings = dict(found.workflow.get("settings") or {})
    if settings.pop("errorWorkflowId", None):
        found.workflow["settings"] = settings
        found.removed.append(Removed("", "settings.errorWorkflowId", "The workflow that is started on errors."))
    _strip_ids(found, known)
    return found


def _strip_node(found: Stripped, node: dict[str, Any], slots: dict[str, list[Spot]]) -> None:
    id, name, entry = str(node["id"]), str(node.get("name")), forms.entry_of(node)
    for key, what in (("pinned", "Pinned data."), ("expected", "Expected data of tests.")):
        if node.pop(key, None):
            found.removed.append(Removed(name, key, what))
    params = dict(node.get("params") or {})
    if node.get("type") == "manual_trigger" and params.pop("items", None):
        found.removed.append(Removed(name, "params.items", "The items that runs start with."))
    for key, value in list(params.items()):
        form = entry.form_of(key)[0] if entry else {}
        if entry and forms.takes(entry, key):
            if value:
                slots.setdefault(str(value), []).append(Spot(node=id, field=key))
                found.removed.append(Removed(name, f"params.{key}", "A credential: it is asked for."))
            params[key] = ""
        elif form.get("kind") == "workflow" or (isinstance(value, str) and _secret_field(key, form)):
            if value and not _is_expression(value):
                params[key] = ""
                what = "A workflow" if form.get("kind") == "workflow" else "A secret"
                found.removed.append(Removed(name, f"params.{key}", f"{what}: it is asked for."))
                label = f"{name}: {_title(entry, key)}"
                spot = Spot(node=id, field=key)
                found.parameters.append(Question(id=f"{id}.{key}", label=label[:200], fields=(spot,), example=True))
        else:
            params[key] = _cleaned(found, name, f"params.{key}", value)
    node["params"] = params


def _secret_field(key: str, form: Mapping[str, Any]) -> bool:
    return form.get("kind") == "secret" or key.lower() in ("password", "passphrase", "secret", "apikey", "accesstoken")


def _title(entry: CatalogueEntry | None, key: str) -> str:
    properties = entry.params_schema.get("properties", {}) if entry else {}
    return str(properties.get(key, {}).get("title", key))


def _cleaned(found: Stripped, node: str, path: str, value: Any) -> Any:
    """Return a value without secrets: rows called like one lose their value, texts that look like one their text."""
    if isinstance(value, dict):
        named = value.get("name")
        if isinstance(named, str) and _SECRET_NAME.search(named) and _literal(value.get("value")):
            found.removed.append(Removed(node, path, f"The value of {named!r}, which is called like a secret."))
            return {**value, "value": ""}
        return {key: _cleaned_entry(found, node, path, key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(found, node, f"{path}.{index}", one) for index, one in enumerate(value)]
    if isinstance(value, str) and _SECRET_TEXT.search(value):
        found.removed.append(Removed(node, path, "A text that looks like a secret."))
        return _SECRET_TEXT.sub(GONE, value)
    return value


def _cleaned_entry(found: Stripped, node: str, path: str, key: str, value: Any) -> Any:
    if isinstance(value, str) and _SECRET_NAME.search(key) and _literal(value):
        found.removed.append(Removed(node, f"{path}.{key}", f"The value of {key!r}, which is called like a secret."))
        return ""
    return _cleaned(found, node, f"{path}.{key}", value)


def _literal(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not _is_expression(value)


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.strip().startswith("{{") and value.strip().endswith("}}")


def _strip_ids(found: Stripped, known: Collection[str]) -> None:
    """Take ids of the tenant's credentials out of every text that still has one."""
    if not known:
        return
    ids = re.compile("|".join(map(re.escape, known)), re.I)
    for node in found.workflow["nodes"]:
        for path, text in _texts(node.get("params") or {}, "params"):
            if ids.search(text):
                found.removed.append(Removed(str(node.get("name")), path, "The id of a credential."))
        node["params"] = _without(node.get("params") or {}, ids)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, f"{path}.{index}")


def _without(value: Any, ids: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return ids.sub("", value)
    if isinstance(value, dict):
        return {key: _without(one, ids) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, ids) for one in value]
    return value
