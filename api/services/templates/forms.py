"""What a template needs, by the catalogue: which credentials fit, which apps it is about, how its fields look."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.gallery import Slot, Template, copied
from api.services.compiling import catalogue
from stepweave.spec.catalogue import CatalogueEntry

ANY: Final = "*"
"""A field takes credentials of all types."""


def entry_of(node: Mapping[str, Any]) -> CatalogueEntry | None:
    """Return the type of a node as a document has it; None for one that is not here."""
    return catalogue().get(str(node.get("type")), int(node.get("version", 1)))


def nodes_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a document's nodes by their ids."""
    return {str(node["id"]): node for node in document.get("nodes", [])}


def unknown_nodes(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes whose type, or its version, is not here."""
    return [node for node in document.get("nodes", []) if entry_of(node) is None]


def takes(entry: CatalogueEntry, field: str) -> tuple[str, ...]:
    """Return which types of credentials a field takes; none where it is no field of credentials."""
    wanted = entry.form_of(field)[0].get("credential")
    if wanted is None:
        return ()
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def types_of(slot: Slot, document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types of credentials that fit all fields of a slot."""
    nodes, common = nodes_of(document), None
    for spot in slot.fields:
        entry = entry_of(nodes.get(spot.node, {}))
        types = takes(entry, spot.field) if entry else ()
        if ANY in types:
            continue
        common = types if common is None else tuple(type for type in common if type in types)
    return (ANY,) if common is None else common


def apps_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the apps and servers that a workflow talks to, by what they are called in filters."""
    found: dict[str, str] = {}
    for node in document.get("nodes", []):
        entry = entry_of(node)
        if entry is None or not (entry.app or entry.network or entry.credentials):
            continue
        key = entry.app or entry.type
        versions = catalogue().versions(key)
        named = catalogue().get(key, versions[-1]) if versions else None
        found[key] = (named or entry).name
    return found


def inert(template: Template) -> dict[str, Any]:
    """Return a template's workflow without its test data: nothing pinned but what triggers start with, no credential.

    What is pinned at other nodes would be taken in place of running them, and nothing would be sent.
    """
    document = copied(template)
    for node in document["nodes"]:
        node.pop("expected", None)
        entry = entry_of(node)
        if entry is None or entry.trigger is None:
            node.pop("pinned", None)
    nodes = nodes_of(document)
    for slot in template.credentials:
        put(nodes, slot.fields, "")
    return document


def put(nodes: Mapping[str, dict[str, Any]], fields: Iterable[Any], value: Any) -> None:
    """Write a value into fields of nodes."""
    for spot in fields:
        nodes[spot.node].setdefault("params", {})[spot.field] = value
